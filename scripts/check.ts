import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findBannedCalls } from './check/banned-calls.ts';
import { type Finding, projectFiles, type SourceFile } from './check/files.ts';
import { findBlemishes } from './check/hygiene.ts';
import { findForbiddenImports } from './check/import-rule.ts';
import { filesOverBudget, findOversizedFiles } from './check/sizes.ts';

const root = join(import.meta.dirname, '..');

/** What a check has to say: nothing when all is well. */
type Check = { name: string; run: () => Promise<string> };

const checks: readonly Check[] = [
  command('types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--pretty', 'false'),
  command(
    'types of the console',
    'node_modules/typescript/bin/tsc',
    '-p',
    'packages/console/tsconfig.json',
    '--pretty',
    'false',
  ),
  command(
    'format, imports, lint',
    'node_modules/@biomejs/biome/bin/biome',
    'check',
    '--error-on-warnings',
    '--diagnostic-level=warn',
    '--max-diagnostics=100',
  ),
  command('promises, any, function sizes', 'node_modules/oxlint/bin/oxlint', '--format=unix'),
  command('generated docs', 'scripts/docs.ts', '--check'),
  rule('import rule', findForbiddenImports),
  rule('banned calls', findBannedCalls),
  rule('file sizes', findOversizedFiles),
  rule('hygiene', findBlemishes),
];

/** A check by a program that prints its findings and ends with a code other than 0 when there are any. */
function command(name: string, file: string, ...args: string[]): Check {
  return {
    name,
    run: () =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [join(root, file), ...args], { cwd: root });
        let output = '';
        for (const stream of [child.stdout, child.stderr]) {
          stream.setEncoding('utf8').on('data', (text: string) => {
            output += text;
          });
        }
        child.on('error', reject);
        child.on('close', (code) => resolve(code === 0 ? '' : output.trim() || `ended with ${code}`));
      }),
  };
}

/** A check by a function over the project's files. */
function rule(name: string, find: (files: readonly SourceFile[]) => Finding[]): Check {
  const format = ({ path, line, message }: Finding) => `${path}:${line}: ${message}`;
  return { name, run: async () => find(files).map(format).join('\n') };
}

async function report({ name, run }: Check): Promise<{ name: string; faults: string }> {
  const started = performance.now();
  const faults = await run().catch((error: unknown) => String(error));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${faults === '' ? '✓' : '✗'} ${name.padEnd(32)} ${seconds} s`);
  return { name, faults };
}

const files = projectFiles(root);
const failed = (await Promise.all(checks.map(report))).filter(({ faults }) => faults !== '');
for (const note of filesOverBudget(files)) console.log(`note: ${note}; the budget is 300`);
for (const { name, faults } of failed) console.log(`\n── ${name} ──\n${faults}`);
if (failed.length > 0)
  console.log(
    `\n${failed.length} of ${checks.length} checks failed: ${failed.map(({ name }) => name).join('; ')}`,
  );
process.exitCode = failed.length > 0 ? 1 : 0;
