import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './sample-site.ts'

const NPM = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']

/**
 * Packs the built program as it would be published, and installs that below a folder.
 * @returns the folder with the command
 */
export function installPacked(dir: string): string {
  const tarballs = join(dir, 'tarball')
  mkdirSync(tarballs)
  npm(['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', tarballs], ROOT)
  const [name = ''] = readdirSync(tarballs)
  npm(['install', '--prefix', join(dir, 'installed'), ...NPM, join(tarballs, name)], dir)
  return join(dir, 'installed/node_modules/.bin')
}

function npm(args: readonly string[], cwd: string): void {
  execFileSync('npm', [...args], { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}
