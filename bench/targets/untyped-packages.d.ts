// As much of oidc-provider as the bench uses; it brings no types of its own.

declare module 'oidc-provider' {
  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    listen(port: number, host: string): unknown;
  }
}
