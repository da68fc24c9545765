// Codes of ISO 8583 elements, spelled out: what public sources and the standard agree on.

const transactionTypes: Readonly<Record<string, string>> = {
  "00": "purchase",
  "01": "cash",
  "02": "debit adjustment",
  "09": "purchase with cash",
  "20": "refund",
  "30": "balance, available",
  "31": "balance",
  "33": "account verification",
  "40": "transfer",
};

const accounts: Readonly<Record<string, string>> = {
  "00": "default",
  "10": "savings",
  "20": "cheque",
  "30": "credit",
};

const entryModes: Readonly<Record<string, string>> = {
  "00": "unknown",
  "01": "manual",
  "02": "magnetic stripe, partial",
  "05": "chip",
  "07": "contactless chip",
  "09": "e-commerce with a remote-payment cryptogram",
  "10": "credential on file",
  "79": "fallback, keyed",
  "80": "fallback, magnetic stripe",
  "81": "e-commerce",
  "82": "entry through a server",
  "90": "magnetic stripe, full",
  "91": "contactless magnetic stripe",
};

const pinCapabilities: Readonly<Record<string, string>> = {
  "0": "PIN capability unknown",
  "1": "PIN can be entered",
  "2": "PIN cannot be entered",
};

const responses: Readonly<Record<string, string>> = {
  "00": "approved",
  "01": "refer to issuer",
  "02": "refer to issuer, special condition",
  "03": "invalid merchant",
  "04": "pick up card",
  "05": "do not honour",
  "06": "error",
  "08": "approved with identification",
  "10": "approved in part",
  "11": "approved, VIP",
  "12": "invalid transaction",
  "13": "invalid amount",
  "14": "invalid card number",
  "15": "no such issuer",
  "25": "original not found",
  "30": "format error",
  "41": "lost card",
  "43": "stolen card",
  "46": "closed account",
  "51": "insufficient funds",
  "54": "expired card",
  "55": "wrong PIN",
  "57": "not permitted to cardholder",
  "58": "not permitted to terminal",
  "59": "suspected fraud",
  "61": "amount limit exceeded",
  "62": "restricted card",
  "63": "security violation",
  "65": "frequency limit exceeded",
  "68": "response too late",
  "75": "PIN tries exceeded",
  "76": "original not found",
  "78": "card not activated",
  "85": "no reason to decline",
  "90": "cut-off in progress",
  "91": "issuer unavailable",
  "92": "no route",
  "93": "violation of law",
  "94": "duplicate transmission",
  "95": "reconciliation error",
  "96": "system malfunction",
};

const actions: Readonly<Record<string, string>> = {
  "000": "approved",
  "400": "reversal accepted",
  "800": "network management accepted",
  "902": "invalid transaction",
  "904": "format error",
  "905": "no route",
  "907": "issuer inoperative",
  "908": "no route",
  "909": "system malfunction",
  "911": "issuer time-out",
  "912": "issuer unavailable",
  "913": "duplicate transmission",
  "914": "original not found",
  "916": "MAC wrong",
  "917": "MAC key out of step",
  "921": "security error",
  "923": "in progress",
};

const actionClasses: readonly string[] = [
  "approved",
  "declined",
  "declined, pick up",
  "file action",
  "reversal",
  "reconciliation",
  "administration",
  "fee",
  "network management",
  "error",
];

/** ISO 4217 numbers of the currencies that traffic here brings. */
const currencies: Readonly<Record<string, string>> = {
  "036": "AUD",
  "096": "BND",
  "124": "CAD",
  "156": "CNY",
  "208": "DKK",
  "344": "HKD",
  "356": "INR",
  "360": "IDR",
  "392": "JPY",
  "410": "KRW",
  "458": "MYR",
  "554": "NZD",
  "578": "NOK",
  "608": "PHP",
  "702": "SGD",
  "704": "VND",
  "752": "SEK",
  "756": "CHF",
  "764": "THB",
  "784": "AED",
  "826": "GBP",
  "840": "USD",
  "901": "TWD",
  "978": "EUR",
};

const networkCodes: Readonly<Record<string, string>> = {
  "001": "sign-on",
  "002": "sign-off",
  "101": "key change",
  "161": "key exchange",
  "201": "cut-over",
  "301": "echo test",
  "801": "sign-on",
  "802": "sign-off",
  "811": "key change",
  "821": "cut-over",
  "831": "echo test",
};

function joined(parts: readonly (string | undefined)[]): string | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.join(", ");
}

function processingCode(text: string): string | undefined {
  const from = accounts[text.slice(2, 4)];
  const to = accounts[text.slice(4, 6)];
  const type = transactionTypes[text.slice(0, 2)];
  return joined([type, from && `from ${from}`, to && `to ${to}`]);
}

function entryMode(text: string): string | undefined {
  return joined([entryModes[text.slice(0, 2)], pinCapabilities[text.slice(2, 3)]]);
}

/** 1987 has two characters, 1993 three digits, of which the first is a class. */
function responseCode(text: string): string | undefined {
  return text.length === 2 ? responses[text] : (actions[text] ?? actionClasses[Number(text[0])]);
}

/** What the value of an element says, or undefined where nothing is known of it. */
export function codeText(de: number, text: string): string | undefined {
  switch (de) {
    case 3:
      return processingCode(text);
    case 22:
      return text.length <= 4 ? entryMode(text) : undefined;
    case 24:
    case 70:
      return networkCodes[text];
    case 39:
      return responseCode(text);
    case 49:
    case 50:
    case 51:
      return currencyText(text);
    default:
      return undefined;
  }
}

export function currencyText(text: string): string | undefined {
  return currencies[text];
}
