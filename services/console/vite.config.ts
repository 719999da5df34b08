import { defineConfig } from 'vite';
import { precompress } from './build/precompress.js';

export default defineConfig({
  root: import.meta.dirname,
  // The libraries are compiled from their sources, so that what is unused of them is left out.
  resolve: { conditions: ['@tocsin/source', 'module', 'browser', 'development|production'] },
  plugins: [precompress()],
  build: {
    target: 'es2023',
    // light-dark() as it is: every browser has it since 2024
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The policy forbids data: in fonts and scripts, and a file of its own is cached for ever.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    rolldownOptions: {
      onLog(level, log, handle) {
        // "use client" is for servers that draw pages; there is none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: {
    // The host stays as the browser said it: the api compares it with the origin of what changes something.
    proxy: { '/api': { target: process.env.TOCSIN_URL ?? 'http://127.0.0.1:3000', changeOrigin: false } },
  },
});
