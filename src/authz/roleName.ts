/** What a role can be called. All of it is plain ASCII, so nothing in a rule means anything but itself. */
export const roleNamePattern = /^[a-z][a-z0-9_-]{0,49}$/;
