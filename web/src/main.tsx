import { createRoot } from 'react-dom/client';
import { setNonce } from './nonce.ts';
import '@mantine/core/styles.css';
import './frame/frame.css';
import './kit/kit.css';
import './threads/threads.css';
import './pages/files/files.css';
import './search/search.css';
import './pages/patterns/patterns.css';
import './pages/admin/admin.css';
import './pages/tasks/tasks.css';

setNonce();
const root = document.getElementById('root');
// Loaded after the nonce is set: the component kit reads it when it first writes a style.
if (root) void import('./App.tsx').then(({ App }) => createRoot(root).render(<App />));
