/** The mails of the identity area. A link carries its secret behind `#`, which browsers send to no server. */
export interface MailText {
  subject: string;
  text: string;
}

/** @param publicUrl without a slash at the end */
export function writeVerificationMail(publicUrl: string, name: string, token: string): MailText {
  return {
    subject: 'Confirm your e-mail address',
    text: [
      `Hello ${name},`,
      'please confirm that this is your e-mail address by opening this link within two days:',
      `${publicUrl}/verify#${token}`,
      'If you did not sign up, ignore this mail.',
    ].join('\n\n'),
  };
}

/** @param publicUrl without a slash at the end */
export function writeResetMail(publicUrl: string, name: string, token: string): MailText {
  return {
    subject: 'Choose a new password',
    text: [
      `Hello ${name},`,
      'someone asked for a new password for your account. To choose one, open this link within an hour:',
      `${publicUrl}/reset#${token}`,
      'If it was not you, ignore this mail: your password stays as it is.',
    ].join('\n\n'),
  };
}
