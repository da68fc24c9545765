// The SFTP door of migrations.
//
// Promises: a login is by key, as one TRID, and sees that TRID's `in` and `out` and nothing else;
// an upload is written under a name that ends with .part and counts from its rename; what a client
// sends can end its own connection only.
// Never: a shell, a tunnel, a link, a path of this machine.

export {
  createSftpServer,
  type LoginKey,
  loadHostKey,
  loadLoginKeys,
  makeHostKey,
  type SftpServer,
  type SftpServerOptions,
} from "./server.ts";
