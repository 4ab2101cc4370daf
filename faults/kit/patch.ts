import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './folders.ts';
import { SERVER } from './signet.ts';

/** A change of one file of packages/server. `from` must stand there exactly once. */
export type Patch = Readonly<{ file: string; from: string; to: string }>;

/** The program has changed, so that a patch no longer says what it meant. */
export class PatchFault extends Error {
  override name = 'PatchFault';
}

/** Copies a packages/server into the folder, with these changes, and gives the copy's path. */
export function patchedServer(folder: string, patches: readonly Patch[], program: string = SERVER): string {
  const copy = join(folder, 'packages/server');
  mkdirSync(copy, { recursive: true });
  cpSync(join(program, 'src'), join(copy, 'src'), { recursive: true });
  cpSync(join(program, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const own = join(SERVER, 'node_modules');
  if (existsSync(own)) symlinkSync(own, join(copy, 'node_modules'));
  for (const { file, from, to } of patches) {
    const path = join(copy, file);
    if (!existsSync(path)) throw new PatchFault(`A patch no longer applies: there is no ${file}.`);
    const text = readFileSync(path, 'utf8');
    const times = text.split(from).length - 1;
    if (times !== 1)
      throw new PatchFault(`A patch no longer applies: ${file} has ${times} times what it changes:\n${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  return copy;
}
