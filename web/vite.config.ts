import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

// The server sends what stands beside a file, so that nothing is compressed twice.
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async closeBundle() {
      const names = await readdir('dist', { recursive: true })
      for (const name of names.filter((n) => /\.(js|css|html|svg|webmanifest)$/.test(n))) {
        const file = join('dist', name)
        const body = await readFile(file)
        await writeFile(`${file}.gz`, gzipSync(body, { level: 9 }))
        await writeFile(`${file}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
      }
      await writeFile('dist/README', 'The page is built into this folder.\n') // it stands in the repository
    },
  }
}

export default defineConfig({
  plugins: [react(), compressed()],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
