import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

/** The server that `npm run dev` starts beside this one. */
const target = process.env['TESSERA_URL'] ?? `http://127.0.0.1:${process.env['PORT'] ?? '3000'}`;
// The server takes a cookie only from pages of its own: to it, the page's origin is its own.
const toServer = { target, changeOrigin: true, headers: { origin: target } };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress()],
  // A worker loads what it needs when it needs it, as the page does.
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    // No source path and no source text leaves the server.
    sourcemap: false,
    // Everything comes from this origin under a strict policy: nothing is inlined into the page.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/trpc': { ...toServer, ws: true },
      '/storage': toServer,
      '/uploads': toServer,
    },
  },
});
