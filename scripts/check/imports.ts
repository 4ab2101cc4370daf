import { posix } from 'node:path';
import { blankComments } from './blank.ts';
import { lineAt, type SourceFile } from './files.ts';

/** One import of a file. `target` is a path of the project for a relative import, else the package's specifier. */
export type Import = { target: string; isRelative: boolean; isTypeOnly: boolean; line: number };

const STATIC = /\b(?:import|export)\s+(type\s+)?(?:[\w$*{}\s,]+?\s*from\s*)?(['"])([^'"\n]+)\2/g;
const DYNAMIC = /\bimport\s*\(\s*()(['"])([^'"\n]+)\2/g;

/** The imports and re-exports of a TypeScript or JavaScript file, in no particular order. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const code = blankComments(text);
  // An import shown in a text, such as a snippet for the reader to copy, is none.
  const withoutTexts = blankComments(text, 'blank');
  return [...code.matchAll(STATIC), ...code.matchAll(DYNAMIC)]
    .filter((match) => withoutTexts.charAt(match.index) !== ' ')
    .map((match) => {
      const specifier = match[3] ?? '';
      const isRelative = specifier.startsWith('.');
      return {
        target: isRelative ? posix.join(posix.dirname(path), specifier) : specifier,
        isRelative,
        isTypeOnly: (match[1] ?? '') !== '',
        line: lineAt(text, match.index),
      };
    });
}

/** The circles among `files`' relative imports, each as the paths from a file back to itself, and each told once. */
export function importCycles(files: readonly SourceFile[]): string[][] {
  const importsByPath = new Map(
    files.map((file) => [file.path, importsOf(file).flatMap((i) => (i.isRelative ? [i.target] : []))]),
  );
  const finished = new Set<string>();
  const cycles: string[][] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path]);
      return;
    }
    if (finished.has(path)) return;
    for (const target of importsByPath.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of importsByPath.keys()) visit(path, []);
  return cycles;
}
