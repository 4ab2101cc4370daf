// Plain JavaScript: runs on Node 18 and later, as soon as the dependencies are installed.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeOld, stampOf } from './build.mjs';
import { runNode } from './node.mjs';
import { say } from './say.mjs';

/**
 * Builds the console's pages when one of their sources has changed. The server takes the newest build; it does without where there is
 * no bundler for this platform or the sources cannot be built.
 */
export async function ensureConsoleBuilt(root) {
  const folder = join(root, 'packages', 'console');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!existsSync(folder) || !existsSync(vite)) return;
  const sources = [join(folder, 'src'), join(folder, 'index.html'), join(folder, 'vite.config.ts')];
  const builds = join(folder, 'dist');
  const built = join(builds, stampOf(root, sources));
  if (existsSync(built)) return;
  say('building the console; this is done once and takes some seconds …');
  if (!(await buildConsole(root, `${built}.${process.pid}`, built)))
    say('the console could not be built; Signet runs without it.');
  else removeOld(builds);
}

/** Several may build at once: each writes beside, and the first to finish gives the result its name. */
async function buildConsole(root, draft, built) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--outDir', draft, '--emptyOutDir', '--logLevel', 'error'];
  try {
    if ((await runNode(root, args, join(root, 'packages', 'console'))) !== 0) return existsSync(built);
    renameSync(draft, built);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
  return existsSync(built);
}
