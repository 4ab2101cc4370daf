// As much of these packages as the tests use; they bring no types of their own.

declare module 'express-session' {
  import type { RequestHandler } from 'express';
  export default function session(options: {
    secret: string;
    resave: boolean;
    saveUninitialized: boolean;
  }): RequestHandler;
}

declare module 'passport' {
  import type { RequestHandler } from 'express';

  type Done = (error: unknown, user?: unknown) => void;
  export interface PassportInstance {
    use(strategy: object): void;
    serializeUser(work: (user: unknown, done: Done) => void): void;
    deserializeUser(work: (user: unknown, done: Done) => void): void;
    session(): RequestHandler;
    authenticate(
      name: string,
      options?: { successRedirect: string; failureRedirect: string },
    ): RequestHandler;
  }
  const passport: { Passport: new () => PassportInstance };
  export default passport;
}

declare module 'passport-openidconnect' {
  type Done = (error: unknown, user?: unknown) => void;
  const OpenIDConnectStrategy: new (
    options: {
      issuer: string;
      authorizationURL: string;
      tokenURL: string;
      userInfoURL: string;
      clientID: string;
      clientSecret: string;
      callbackURL: string;
      scope: string;
      skipUserProfile: boolean;
    },
    verify: (issuer: string, profile: unknown, done: Done) => void,
  ) => object;
  export default OpenIDConnectStrategy;
}
