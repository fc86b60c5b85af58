import { createRoot } from 'react-dom/client';
import { setNonce } from './nonce.ts';
import '@mantine/core/styles.css';
import './console.css';

setNonce();
const root = document.getElementById('root');
// Loaded after the nonce is set: the component kit reads it when it first writes a style.
if (root) void import('./App.tsx').then(({ App }) => createRoot(root).render(<App />));
