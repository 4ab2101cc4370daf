/** Something that somebody did, for those who ask later. It never holds a secret. */
export type AuditEvent = Readonly<{
  id: number;
  /** Milliseconds. */
  at: number;
  /** What was done, such as `user.signed_in`. */
  action: string;
  /** Who did it: the `sub` of a person, or `command line`, `configuration file`, `nobody` for one who has proved nothing. */
  actor: string;
  /** What it was done to: the `sub` of a user, a client_id, a kid; empty for a name that is nobody's. */
  subject: string;
  client_id: string | null;
  /** The address that it came from. */
  network: string | null;
  /** The name of the request in the log. */
  request_id: string | null;
  facts: Readonly<Record<string, unknown>>;
}>;
