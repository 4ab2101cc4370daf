import { signIn } from './browser.ts';
import { connectionTo } from './connection.ts';
import { type Lane, machineToken } from './operations.ts';
import { CLIENT, type Site } from './site.ts';

/** Opens that many lanes, each with a sign-in and tokens of its own. */
export async function openLanes(site: Site, count: number): Promise<readonly Lane[]> {
  const lanes: Lane[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = await signIn(site);
    const connection = connectionTo(site.base);
    const { client_id } = CLIENT;
    const machine_token = await machineToken({ connection, client_id }, site);
    lanes.push({ connection, client_id, person, machine_token, refresh_token: person.refresh_token });
  }
  return lanes;
}

export function closeLanes(lanes: readonly Lane[]): void {
  for (const { connection } of lanes) connection.close();
}
