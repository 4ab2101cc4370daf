import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Skipped } from '../experiment.ts';
import { ROOT } from './folders.ts';

/** Compiles a preload library of shims/ into the folder and gives its path. */
export function compileShim(name: 'clock' | 'disk', folder: string): string {
  if (process.platform !== 'linux') throw new Skipped('preload libraries are made for Linux');
  const library = join(folder, `${name}.so`);
  if (existsSync(library)) return library;
  const source = join(ROOT, 'faults/shims', `${name}.c`);
  const compiled = spawnSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl', '-lpthread'], {
    encoding: 'utf8',
  });
  if (compiled.error !== undefined) throw new Skipped('there is no gcc to make the preload library with');
  if (compiled.status !== 0) throw new Error(`gcc does not take ${source}:\n${compiled.stderr}`);
  return library;
}
