// Rules about users as a whole: nobody is two persons, and two can always act.
import { appError } from "../../platform/mod.ts";
import { type User, usersMax } from "./office.ts";

/** Who decide about users: with fewer nobody could change anything any more. */
const keepersMin = 2;

/** Throws INVALID_REQUEST where the office may not have these users. */
export function checkUsers(users: readonly User[]): void {
  const refused = (why: string) => appError("INVALID_REQUEST", why);
  if (users.length > usersMax) throw refused(`There are at most ${usersMax} users.`);
  if (new Set(users.map(({ name }) => name)).size !== users.length) {
    throw refused("Two users have the same name.");
  }
  const identities = users.flatMap((user) => [...new Set(user.identities)]);
  if (new Set(identities).size !== identities.length) {
    throw refused("A certificate's name belongs to two users.");
  }
  const secrets = users.flatMap((user) => [...new Set(user.secrets)]);
  if (new Set(secrets).size !== secrets.length) throw refused("A secret belongs to two users.");
  for (const { name, identities: names, secrets: lines } of users) {
    if (names.length + lines.length === 0) {
      throw refused(`${name} has neither a certificate's name nor a secret.`);
    }
  }
  const keepers = users.filter(({ status, roles }) => {
    return status === "ACTIVE" && roles.includes("users");
  });
  if (keepers.length < keepersMin) {
    throw refused(`At least ${keepersMin} active users must have the role users.`);
  }
}

export function withUser(users: readonly User[], user: User): readonly User[] {
  const known = users.some(({ name }) => name === user.name);
  return known ? users.map((one) => (one.name === user.name ? user : one)) : [...users, user];
}
