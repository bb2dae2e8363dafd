/** What the server asks of a password; a shorter one never leaves the form. */
export const PASSWORD_MIN_CHARS = 10
export const PASSWORD_MAX_CHARS = 128
