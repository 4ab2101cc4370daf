import { type AuditView, listAudit } from '../../admin/audit.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { administratorOf } from './administrator.ts';
import { type Answer, isRefusal, type JsonObject, refusal } from './json-route.ts';

const USUAL_PAGE = 50;
const LARGEST_PAGE = 500;

/** What was done, the newest first; `starting_after` goes on behind an entry. */
export async function listEntries(c: WebContext, site: Site): Promise<Answer> {
  const administrator = await administratorOf(c, site);
  if (isRefusal(administrator)) return administrator;
  const limit = c.req.query('limit') ?? String(USUAL_PAGE);
  const cursor = /^id:([0-9]{1,15})$/.exec(c.req.query('starting_after') ?? '')?.[1];
  if (!/^[0-9]{1,4}$/.test(limit) || Number(limit) < 1)
    return refusal(400, 'limit must be a whole number above 0.');
  if (cursor === undefined && (c.req.query('starting_after') ?? '') !== '')
    return refusal(400, 'starting_after is not a cursor of this interface.');
  const atMost = Math.min(Number(limit), LARGEST_PAGE);
  const found = await listAudit(site.provider, {
    atMost: atMost + 1,
    ...(cursor !== undefined && { before: Number(cursor) }),
    ...wanted(c),
  });
  const entries = found.slice(0, atMost);
  const more = found.length > atMost;
  const next = more ? `id:${entries.at(-1)?.id}` : '';
  const body = { data: entries.map(entryView), has_next: more, next, has_prev: false, prev: '' };
  return { status: 200, body };
}

/** Filters by kind, and by who did it. */
function wanted(c: WebContext): { action?: string; actor?: string } {
  const [action, actor] = [c.req.query('type'), c.req.query('actor_id')];
  return { ...(isName(action) && { action }), ...(isName(actor) && { actor }) };
}

/** A filter that could name something; others would be no text for every database. */
const isName = (text: string | undefined): text is string => text !== undefined && /^[^\p{Cc}]*$/u.test(text);

const entryView = ({ id, at, action, actor, ...payload }: AuditView): JsonObject => ({
  id: String(id),
  created: at,
  type: action,
  actor_id: actor,
  payload,
});
