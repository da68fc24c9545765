// What a conversion could not carry, by a stable code.

export const lossCodes = {
  NO_PLACE: "the other version has no element for it",
  NO_CODE: "the other version has no code for it",
  APPROXIMATE: "the nearest code stands for it, and does not lead back",
  BAD_VALUE: "the value is not what the element may hold there",
  TOO_LONG: "the value is longer than the element is there",
  BAD_DATE: "it is no date in any year that the rule of years allows",
  OTHER_YEAR: "the year is not the one that the other side would give the date",
  LOCAL_TIME: "local time and UTC are taken for the same: no offset was given",
  MAC: "a MAC holds for the bytes that it came with: make it anew",
} as const;

export type LossCode = keyof typeof lossCodes;

/** Never holds a value of the message. */
export interface ConversionLoss {
  readonly code: LossCode;
  /** Element, or part of it, of the message that was converted: `24`, `90.5`. */
  readonly path: string;
  readonly text: string;
}
