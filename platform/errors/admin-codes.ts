// Errors of keys and of the programme's administration: rows of the one table.

export const adminCodes = {
  KEY_STATE_CONFLICT: [
    "wrong-state",
    "FAILED_PRECONDITION",
    409,
    1,
    "never",
    "The key's state does not allow the action.",
  ],
  CHANGE_NOT_FOUND: ["not-found", "NOT_FOUND", 404, 1, "never", "No such proposed change."],
  CHANGE_CLOSED: [
    "wrong-state",
    "FAILED_PRECONDITION",
    409,
    1,
    "never",
    "The change was decided, withdrawn or has expired.",
  ],
  SECOND_PERSON_NEEDED: [
    "forbidden",
    "PERMISSION_DENIED",
    403,
    1,
    "never",
    "It takes another person than the one who proposed it, or whom it is about.",
  ],
} as const;
