import { blankComments } from './blank.ts';
import { type Finding, lineAt, type SourceFile } from './files.ts';

const SOURCE = 'packages/server/src/';

type Ban = {
  what: string;
  /** A pattern over code without comments and texts, or a function from that code, and the whole text, to indices. */
  uses: RegExp | ((code: string, text: string) => number[]);
  /** Files below packages/server/src where it belongs; the whole server when there is none. */
  home?: RegExp;
  reason: string;
};

const COMMAND_LINE = /^(cli\/|cli\.ts$|main\.ts$)/;

const BANS: readonly Ban[] = [
  {
    what: 'Date.now or new Date()',
    uses: /\bDate\.now\b|\bnew\s+Date\s*\(\s*\)|\bnew\s+Date\b(?!\s*\()|(?<!new\s)(?<![.\w])Date\s*\(\s*\)/g,
    home: /^model\/clock\.ts$/,
    reason: 'time is a parameter (a Clock), so that tests can move it',
  },
  {
    what: 'randomness',
    uses: /\b(?:randomBytes|randomUUID|randomInt|randomFill|randomFillSync|getRandomValues|Math\.random)\b/g,
    home: /^model\/secret\.ts$/,
    reason: 'secrets and identifiers are made in one place, and tests pass their own randomness',
  },
  {
    what: 'process.env',
    uses: /\bprocess\s*\.\s*env\b/g,
    home: /^(config[^/]*\.ts$|config\/|cli\.ts$|main\.ts$)/,
    reason: 'settings come from the configuration, where each one is named, checked and documented',
  },
  {
    what: 'console',
    uses: /(?<![.\w])console\s*\./g,
    home: COMMAND_LINE,
    reason: 'the server logs through its logger, which redacts secrets; only commands write to the terminal',
  },
  {
    what: 'signing with node:crypto',
    uses: nodeSigning,
    home: /^(keys\/|model\/secret\.ts$)/,
    reason: 'what signs is in keys/, with the algorithm fixed by the key',
  },
  {
    what: 'eval or new Function',
    uses: /(?<![.\w])eval\s*\(|\bnew\s+Function\b/g,
    reason: 'no text becomes code',
  },
  {
    what: 'a class',
    uses: /\bclass\s+\w+\b(?!\s+extends\s+\w*Error\b)/g,
    reason: 'functions take values and give values; only errors are classes',
  },
  {
    what: 'setInterval without .unref()',
    uses: intervalsThatHoldTheProcess,
    reason: 'a timer must not keep a finished process alive; use one that is cleared and unreferenced',
  },
];

/** Every use of a banned call in the server's src outside of the file it belongs to, with the reason of the ban. */
export function findBannedCalls(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => path.startsWith(SOURCE) && path.endsWith('.ts'))
    .flatMap(({ path, text }) => {
      const code = blankComments(text, 'blank');
      return BANS.filter((ban) => ban.home?.test(path.slice(SOURCE.length)) !== true).flatMap((ban) =>
        indicesOf(ban, code, text).map((index) => {
          return { path, line: lineAt(text, index), message: `${ban.what} is banned here: ${ban.reason}` };
        }),
      );
    });
}

function indicesOf({ uses }: Ban, code: string, text: string): number[] {
  return typeof uses === 'function' ? uses(code, text) : [...code.matchAll(uses)].map((match) => match.index);
}

/** `sign` is too common a word to ban: it counts when it comes from node:crypto. */
function nodeSigning(code: string, text: string): number[] {
  const named = /\b(?:createHmac|createSign)\b|\b(?:subtle|crypto)\s*\.\s*sign\b/g;
  const imported = /\bimport\s*\{[^}]*\bsign\b[^}]*\}\s*from\s*/g;
  return [
    ...[...code.matchAll(named)].map((match) => match.index),
    ...[...code.matchAll(imported)]
      .filter((match) => /^'(?:node:)?crypto'/.test(text.slice(match.index + match[0].length)))
      .map((match) => match.index),
  ];
}

function intervalsThatHoldTheProcess(code: string): number[] {
  return [...code.matchAll(/\bsetInterval\s*\(/g)]
    .map((match) => match.index)
    .filter((index) => !isUnreferenced(code, index));
}

/** True for `setInterval(…).unref()` and for a timer kept in a name that is unreferenced somewhere in the file. */
function isUnreferenced(code: string, index: number): boolean {
  const end = closingParenthesis(code, code.indexOf('(', index));
  if (/^\s*\??\.\s*unref\b/.test(code.slice(end + 1))) return true;
  const name = /([\w.]+)\s*(?::[^=;]+)?=\s*$/.exec(code.slice(0, index))?.[1];
  return (
    name !== undefined && new RegExp(`(?<![\\w.])${name.replaceAll('.', '\\.')}\\??\\.unref\\b`).test(code)
  );
}

function closingParenthesis(code: string, opening: number): number {
  let depth = 0;
  for (let at = opening; at < code.length; at++) {
    if (code[at] === '(') depth++;
    if (code[at] === ')' && --depth === 0) return at;
  }
  return code.length;
}
