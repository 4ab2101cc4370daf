// Plain JavaScript without dependencies: runs before anything is installed, on Node 18 and later.
import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { LaunchError } from './say.mjs';

/** How to spawn npm: `args` come before npm's own. The npm that called us is preferred to the one in PATH. */
export function npmCommand(env = process.env) {
  // Under yarn, pnpm or npx this variable names another program, which must not be given npm's arguments.
  if (env.npm_execpath !== undefined && basename(env.npm_execpath) === 'npm-cli.js') {
    return { file: process.execPath, args: [env.npm_execpath], shell: false };
  }
  return { file: 'npm', args: [], shell: process.platform === 'win32' };
}

/** The npm-cli.js of the npm in use, to run it on another Node. Throws a LaunchError when it cannot be found. */
export function npmScript(env = process.env) {
  const caller = npmCommand(env).args[0];
  if (caller !== undefined) return caller;
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const link = join(folder, 'npm');
    if (!existsSync(link)) continue;
    const script = join(dirname(realpathSync(link)), 'npm-cli.js');
    if (existsSync(script)) return script;
  }
  throw new LaunchError('npm was not found; call this through npm, as in: npm run npm -- install NAME');
}
