export interface MailMessage {
  /** One address, without a name: `ada@example.org`. */
  to: string;
  /** One line. */
  subject: string;
  text: string;
  html?: string;
}

/** Sends mail. Subject and address must be one line each, or BAD_INPUT is raised (see `checkMessage`). */
export interface Mail {
  /**
   * Resolves when the message was handed over, which is not yet to say that it arrived. Raises UNAVAILABLE
   * when it could not be handed over; trying again may send it twice, but never loses it.
   */
  send(message: MailMessage): Promise<void>;
  /** Lets go of connections once messages under way are through. */
  close(): void;
}
