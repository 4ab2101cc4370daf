import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireDisk } from '../measure/disk.ts';

test('a folder in memory is refused, because a sync there costs nothing', () => {
  assert.throws(() => requireDisk('/somewhere', () => 0x01021994), /\/somewhere is tmpfs.*--dir/);
  assert.throws(() => requireDisk('/somewhere', () => 0x858458f6), /ramfs/);
});

test('a folder on a disk is taken', () => {
  requireDisk('/somewhere', () => 0xef53);
});
