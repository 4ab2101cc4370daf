import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The tests that walk through what the documents show; asked for, they take the pictures. */
const FILES = ['test/docs/register-an-application.test.ts'];

const child = spawn(process.execPath, ['--test', ...FILES], {
  cwd: join(root, 'packages/server'),
  env: { ...process.env, SIGNET_SCREENSHOTS: 'yes' },
  stdio: 'inherit',
});
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
