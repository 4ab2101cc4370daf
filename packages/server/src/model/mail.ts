/** A plain message to one person. */
export type Mail = Readonly<{ to: string; subject: string; text: string }>;

/** Hands a message over to the mail server; rejected when that does not take it. */
export type SendMail = (mail: Mail) => Promise<void>;
