import { ACCESS } from './access.ts';
import { ACCOUNT } from './account.ts';
import { CLIENT_UNDO } from './client-undo.ts';
import { CLIENTS } from './clients.ts';
import { CONFIGURATION } from './configuration.ts';
import { DOCUMENT } from './document.ts';
import { GROUPS } from './groups.ts';
import { INITIAL_ACCESS_TOKENS } from './initial-access-tokens.ts';
import { KEYS } from './keys.ts';
import { ME } from './me.ts';
import type { Operation } from './operation.ts';
import { PREVIEW } from './preview.ts';
import { PROVIDER } from './provider.ts';
import { RECORDS } from './records.ts';
import { RESOURCES } from './resources.ts';
import { SCOPES } from './scopes.ts';
import { SETTINGS } from './settings.ts';
import { USER_VERBS } from './user-verbs.ts';
import { USERS } from './users.ts';

/** Everything that the interface does. */
export const OPERATIONS: readonly Operation[] = [
  ...DOCUMENT,
  ...ME,
  ...ACCOUNT,
  ...CLIENTS,
  ...CLIENT_UNDO,
  ...INITIAL_ACCESS_TOKENS,
  ...USERS,
  ...USER_VERBS,
  ...GROUPS,
  ...PREVIEW,
  ...ACCESS,
  ...KEYS,
  ...RECORDS,
  ...PROVIDER,
  ...SETTINGS,
  ...SCOPES,
  ...RESOURCES,
  ...CONFIGURATION,
];
