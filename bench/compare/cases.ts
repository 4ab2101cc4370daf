import type { Algorithm } from '../limit/primitives.ts';
import type { OperationName } from '../load/operations.ts';

/** One row of the table: an operation with an algorithm, and what Signet is to reach at it. */
export type Case = Readonly<{
  label: string;
  operation: OperationName;
  algorithm: Algorithm;
  /** Share of the limit, by CPU. */
  ofLimit: number;
  /** How many times cheaper than the peers, by CPU. Peers are left out where there is nothing like it to compare. */
  againstMemory?: number;
  againstSqlite?: number;
}>;

/** The operations in the order of the table, with their targets. */
export const CASES: readonly Case[] = [
  {
    label: 'discovery',
    operation: 'discovery',
    algorithm: 'ES256',
    ofLimit: 0.6,
    againstMemory: 3,
    againstSqlite: 3,
  },
  {
    label: 'jwks',
    operation: 'jwks',
    algorithm: 'ES256',
    ofLimit: 0.6,
    againstMemory: 1.5,
    againstSqlite: 1.5,
  },
  {
    label: 'client_credentials',
    operation: 'client_credentials',
    algorithm: 'ES256',
    ofLimit: 0.65,
    againstMemory: 3,
    againstSqlite: 7,
  },
  {
    label: 'refresh',
    operation: 'refresh',
    algorithm: 'ES256',
    ofLimit: 0.55,
    againstMemory: 1.7,
    againstSqlite: 8,
  },
  {
    label: 'authorize',
    operation: 'authorize',
    algorithm: 'ES256',
    ofLimit: 0.45,
    againstMemory: 4,
    againstSqlite: 15,
  },
  { label: 'code', operation: 'code', algorithm: 'ES256', ofLimit: 0.5, againstMemory: 3, againstSqlite: 9 },
  { label: 'introspect-once', operation: 'introspect-once', algorithm: 'ES256', ofLimit: 0.75 },
  {
    label: 'introspect-hot',
    operation: 'introspect-hot',
    algorithm: 'ES256',
    ofLimit: 0.5,
    againstMemory: 2,
    againstSqlite: 3,
  },
  { label: 'userinfo-once', operation: 'userinfo-once', algorithm: 'ES256', ofLimit: 0.75 },
  {
    label: 'userinfo-hot',
    operation: 'userinfo-hot',
    algorithm: 'ES256',
    ofLimit: 0.5,
    againstMemory: 2,
    againstSqlite: 3,
  },
  {
    label: 'client_credentials-rs256',
    operation: 'client_credentials',
    algorithm: 'RS256',
    ofLimit: 0.75,
    againstMemory: 1.2,
    againstSqlite: 2,
  },
  {
    label: 'refresh-rs256',
    operation: 'refresh',
    algorithm: 'RS256',
    ofLimit: 0.75,
    againstMemory: 1.2,
    againstSqlite: 2,
  },
  {
    label: 'code-rs256',
    operation: 'code',
    algorithm: 'RS256',
    ofLimit: 0.75,
    againstMemory: 1.2,
    againstSqlite: 2,
  },
];

export const LABELS: readonly string[] = CASES.map(({ label }) => label);
