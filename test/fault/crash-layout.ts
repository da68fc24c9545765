// What the process that is killed and the one that judges it must see alike.
export const crashShards = 2;
export const accounts = 64;
export const crashMapBytes = 2 ** 28;
