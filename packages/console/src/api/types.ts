import type * as Api from './generated.ts';

/** A page of a list; `next` leads to the following one. */
export type Page<Item> = Readonly<{ items: readonly Item[]; next: string | null }>;

export type Client = Api.Client;
export type ClientDraft = Api.NewClient;
export type ClientVersion = Api.ClientVersion;
/** A client as the answer that made it tells it: the secret is in no other answer. */
export type CreatedClient = Client & Pick<Api.SavedClient, 'client_secret'>;
export type DeletedClient = Api.DeletedClient;

export type InitialToken = Api.InitialAccessToken;
/** One that was just made: the token is in no other answer. */
export type CreatedInitialToken = InitialToken & Readonly<{ initial_access_token: string }>;

export type User = Api.User;
export type Role = User['role'];
export type DeletedUser = Api.DeletedUser;

/** Who calls, and what token, registration and role open together. */
export type Me = Api.Me;
export type Permission = Me['permissions'][number];

/** A session; one's own with whether it is the one in use. */
export type Session = Api.Session & Partial<Pick<Api.OwnSession, 'current'>>;
/** A consent; one's own with the name of the application. */
export type Consent = Api.Consent & Partial<Pick<Api.OwnConsent, 'client_name'>>;

/** A refusal; alone it is told with its explanation. */
export type Refusal = Api.Refusal & Partial<Api.ExplainedRefusal>;
export type AuditEvent = Api.AuditEvent;
export type SigningKey = Api.Key;
export type Statistics = Api.Statistics;
export type Tenant = Api.Tenant;
export type Account = Api.Account;
