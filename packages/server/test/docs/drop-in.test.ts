import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PROFILES } from '../../src/profiles/profiles.ts';
import { configOf } from '../support/signet.ts';

const text = readFileSync(join(import.meta.dirname, '../../../../docs/drop-in.md'), 'utf8');

/** What the files hold that the configurations name. */
const FILES = {
  'cells-curl.secret': 'correct-horse-battery-staple',
  'smtp.address': 'smtps://user:password@smtp.example.com',
  'idp.yaml': 'clients: []',
};

for (const [, block = ''] of text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)) {
  const profile = /profile: (\w+)/.exec(block)?.[1] ?? '';
  test(`the configuration shown for ${profile} is sound`, () => {
    const { tenants } = configOf(block, PROFILES, FILES);
    assert.ok(tenants.every((tenant) => tenant.profile === profile));
  });
}
