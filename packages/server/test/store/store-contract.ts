import { describe } from 'node:test';
import { administrationContract } from './contract/administration.ts';
import { auditContract } from './contract/audit.ts';
import { clientContract } from './contract/clients.ts';
import { definitionContract } from './contract/definitions.ts';
import { expiryContract } from './contract/expiry.ts';
import { grantContract } from './contract/grants.ts';
import { groupContract } from './contract/groups.ts';
import { guardContract } from './contract/guards.ts';
import { isolationContract } from './contract/isolation.ts';
import { keyContract } from './contract/keys.ts';
import { lockContract } from './contract/locks.ts';
import { neighbourContract } from './contract/neighbours.ts';
import { oneTimeSecretContract } from './contract/one-time-secrets.ts';
import { personalTokenContract } from './contract/personal-tokens.ts';
import { planContract } from './contract/plans.ts';
import { registrationContract } from './contract/registrations.ts';
import { sessionContract } from './contract/sessions.ts';
import { setupContract } from './contract/setup.ts';
import { undoContract } from './contract/undo.ts';
import { userContract } from './contract/users.ts';
import type { OpenStore } from './samples.ts';

/** What the verbs of the store promise, whatever the database: their outcomes, their refusals, and one winner of every race. */
export function storeContract(database: string, openStore: OpenStore, skip: string | false = false): void {
  describe(`the store on ${database}`, { skip }, () => {
    keyContract(openStore);
    clientContract(openStore);
    userContract(openStore);
    setupContract(openStore);
    groupContract(openStore);
    sessionContract(openStore);
    grantContract(openStore);
    guardContract(openStore);
    lockContract(openStore);
    personalTokenContract(openStore);
    oneTimeSecretContract(openStore);
    auditContract(openStore);
    registrationContract(openStore);
    planContract(openStore);
    administrationContract(openStore);
    undoContract(openStore);
    definitionContract(openStore);
    neighbourContract(openStore);
    isolationContract(openStore);
    expiryContract(openStore);
  });
}
