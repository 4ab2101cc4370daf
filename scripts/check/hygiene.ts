import { blankComments } from './blank.ts';
import { type Finding, lineAt, type SourceFile } from './files.ts';

type Blemish = { pattern: RegExp; message: string; files?: RegExp; in?: 'code' };

const CODE = /\.m?[jt]sx?$/;
const TESTS = /\.test\.ts$/;

const BLEMISHES: readonly Blemish[] = [
  {
    pattern: /(?<![\w.~-])\/(?:work|root|home\/[a-z][\w-]*|Users\/\w+)\//g,
    message: 'a path of somebody’s machine',
  },
  {
    pattern: /https?:\/\/[\w.-]*(?:registry|npmjs|artifactory|verdaccio|nexus)[\w.-]*/gi,
    message: 'the host of a package registry',
  },
  {
    pattern: /"resolved": "(?:https?|git)/g,
    message: 'the address of a package',
    files: /(^|\/)package-lock\.json$/,
  },
  { pattern: /\b(?:TO[D]O|FIX[M]E)\b/g, message: 'something left open: do it, or write an issue' },
  {
    pattern: /@ts-(?:ign[o]re|expect-[e]rror|noch[e]ck)\b|\b(?:biome-ign[o]re|(?:ox|es)lint-disable)/g,
    message: 'a switched-off check: mend the code instead',
    files: CODE,
  },
  {
    pattern: /\.only\s*\(|\bonly\s*:\s*true\b/g,
    message: 'a test that silences the others',
    files: TESTS,
    in: 'code',
  },
  {
    pattern:
      /\b(?:test|it|describe|suite)\.(?:skip|todo)\s*\(|\.(?:skip|todo)\s*\(\s*\)|\b(?:skip|todo)\s*:\s*true\b/g,
    message: "a test left out without a reason: write { skip: 'why' } or t.skip('why')",
    files: TESTS,
    in: 'code',
  },
];

/** Traces of the workplace, open ends, and switched-off checks or tests, in any text file of the project. */
export function findBlemishes(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) =>
    BLEMISHES.filter((blemish) => blemish.files?.test(path) !== false).flatMap((blemish) => {
      const searched = blemish.in === 'code' ? blankComments(text, 'blank') : text;
      return [...searched.matchAll(blemish.pattern)].map((match) => {
        return { path, line: lineAt(text, match.index), message: `${blemish.message}: ${match[0]}` };
      });
    }),
  );
}
