import { fileURLToPath } from 'node:url';

/** The program that tests start as people do: built, as `npm start` has it, when the test runner says where, or else its sources. */
export const PROGRAM =
  process.env['SIGNET_TEST_PROGRAM'] ?? fileURLToPath(new URL('../../src/main.ts', import.meta.url));
