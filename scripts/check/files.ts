import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text file of the project; `path` is relative to the root, with forward slashes. */
export type SourceFile = { path: string; text: string };

/** Something to mend; `line` counts from 1. */
export type Finding = { path: string; line: number; message: string };

const BINARY = /\.(png|ico|jpg|gif|woff2?|db|zip|gz|tgz)$/;
const NOT_OURS = /(^|\/)(node_modules|\.git|dist)(\/|$)|^(\.cache|data|test-results)(\/|$)/;

/** The project's text files in a stable order: what git tracks or would track, or every file where there is no git. */
export function projectFiles(root: string): SourceFile[] {
  const paths = gitPaths(root) ?? walk(root, '');
  return paths
    .filter((path) => !BINARY.test(path) && !NOT_OURS.test(path))
    .sort()
    .flatMap((path) => readIfFile(root, path));
}

function gitPaths(root: string): string[] | undefined {
  if (!existsSync(join(root, '.git'))) return undefined;
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return listed.status === 0 ? listed.stdout.split('\0').filter((path) => path !== '') : undefined;
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (NOT_OURS.test(path)) return [];
    return entry.isDirectory() ? walk(root, path) : [path];
  });
}

// A file can be deleted and still tracked.
function readIfFile(root: string, path: string): SourceFile[] {
  try {
    return [{ path, text: readFileSync(join(root, path), 'utf8') }];
  } catch {
    return [];
  }
}

/** The line, from 1, on which the character at `index` stands. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
