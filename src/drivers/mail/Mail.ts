export interface MailMessage {
  /** One address, without a name: `ada@example.org`. */
  to: string;
  /** One line. */
  subject: string;
  text: string;
  html?: string;
  /** `<left@right>` (RFC 5322 §3.6.4); default: a new one. */
  messageId?: string;
  /** The Message-ID of what this belongs to; mail programs show both as one conversation. */
  inReplyTo?: string;
  /** For mails of a kind that come again and again. */
  list?: {
    /** Names the kind (RFC 2919): `notifications.example.org`. */
    id: string;
    /** Ends them (RFC 2369); over https by one click in the mail program (RFC 8058). */
    unsubscribeUrl: string;
  };
}

/** Sends mail. What goes into headers must be one line each, or BAD_INPUT is raised (see `checkMessage`). */
export interface Mail {
  /**
   * Resolves when the message was handed over, which is not yet to say that it arrived. Raises UNAVAILABLE
   * when it could not be handed over; `faultOf` tells whether trying again might send it twice.
   */
  send(message: MailMessage): Promise<void>;
  /** Lets go of connections once messages under way are through. */
  close(): void;
}
