import type { Special } from './api-special.ts';
import { CLIENT_CREATION, CLIENT_UPDATE } from './client-special.ts';
import { REFUSAL } from './explain.ts';
import { KEY_ROTATION } from './key-special.ts';
import { USER_CREATION, USER_PASSWORD, USER_SESSIONS } from './user-special.ts';

/** By the id of the operation. */
export const SPECIALS: Readonly<Record<string, Special>> = {
  createClient: CLIENT_CREATION,
  changeClient: CLIENT_UPDATE,
  createUser: USER_CREATION,
  setPassword: USER_PASSWORD,
  listSessionsOfUser: USER_SESSIONS,
  rotateKeys: KEY_ROTATION,
  explainRefusal: REFUSAL,
};
