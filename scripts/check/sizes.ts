import type { Finding, SourceFile } from './files.ts';

const WANTED_LINES = 300;
const MOST_LINES = 400;
const REASON = /^\s*(?:\/\/|\/?\*+)\s*long because\b/im;
const LINES_FOR_REASON = 5;

/** Code files of more than 400 lines that do not say why in a comment `long because …` within their first five lines. */
export function findOversizedFiles(files: readonly SourceFile[]): Finding[] {
  return codeFilesOver(MOST_LINES, files)
    .filter(({ text }) => !REASON.test(text.split('\n', LINES_FOR_REASON).join('\n')))
    .map(({ path, text }) => {
      const message = `${lineCount(text)} lines: split it, or begin it with a comment "long because …"`;
      return { path, line: 1, message };
    });
}

/** Code files above the budget of 300 lines that are still allowed: worth a look, not an error. */
export function filesOverBudget(files: readonly SourceFile[]): string[] {
  return codeFilesOver(WANTED_LINES, files).map(({ path, text }) => `${path} has ${lineCount(text)} lines`);
}

function codeFilesOver(lines: number, files: readonly SourceFile[]): SourceFile[] {
  return files.filter(({ path, text }) => /\.m?[jt]sx?$/.test(path) && lineCount(text) > lines);
}

function lineCount(text: string): number {
  return text.split('\n').length - 1;
}
