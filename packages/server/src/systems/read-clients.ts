import type { ParsedClient } from '../admin/client-metadata.ts';
import type { ClientRules } from '../admin/client-rules.ts';

/** What a file of a system's own form came to: its sound clients, and a sentence for each entry or key that is left out. */
export type ReadClients = Readonly<{
  clients: readonly ParsedClient[];
  warnings: readonly string[];
  /** The client_id of entries that are left out for a fault: what is stored of those stays. */
  faulty?: readonly string[];
}>;

/** Reads the plain values of such a file. */
export type ClientFileReader = (value: unknown, rules: ClientRules) => ReadClients;
