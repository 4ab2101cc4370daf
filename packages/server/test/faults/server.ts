import { readFileSync } from 'node:fs';
import { openTestApp } from '../support/signet.ts';

// The server that the tests of faults kill and starve: configuration file and port are its arguments.
const [file = '', port = ''] = process.argv.slice(2);
const app = await openTestApp(readFileSync(file, 'utf8'));
app.createServer().listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
// It does not outlive the test that started it.
process.once('disconnect', () => process.exit());
