/** A token that a person uses in the place of a password at a program. Only the hash of its secret is stored. */
export type PersonalToken = Readonly<{
  id: number;
  /** Its public name. */
  uuid: string;
  user_id: number;
  /** Who may use it where, as the system says that it was made for. */
  kind: string;
  label: string;
  scopes: readonly string[];
  /** Milliseconds. */
  expires_at: number;
  /** Milliseconds from a use to the new end; 0 where the end is fixed. */
  renewed_by: number;
  created_at: number;
  /** Who made it, as the audit log names them. */
  created_by: string;
  used_at: number;
}>;
