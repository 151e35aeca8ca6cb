// What the library promises. Everything else may change without notice.

export { Client, request } from "./client/client.ts";
export { ClientError, type ClientErrorCode } from "./client/errors.ts";
export type { ClientOptions, RequestOptions, Timeouts, Timing } from "./client/options.ts";
export type { ClientResponse } from "./client/response.ts";
export { type Body, type BodyInit, BodyTooLargeError, BodyUsedError } from "./message/body.ts";
export { Problem, type ProblemInit, problemResponse } from "./message/problem.ts";
export type { Peer, Request } from "./message/request.ts";
export { type Handler, Response, type ResponseInit } from "./message/response.ts";
export { type ListenAddress, ListenError } from "./net/listen.ts";
export { ProtocolError, StateError } from "./protocol/errors.ts";
export { Fields, type FieldsInit } from "./protocol/fields.ts";
export { DEFAULT_LIMITS, type Limits } from "./protocol/limits.ts";
export type { Version } from "./protocol/start-line.ts";
export type { Target } from "./protocol/target.ts";
export { FILES_METHODS, type FilesOptions, filesHandler } from "./resource/files.ts";
export {
  type CrossOriginOptions,
  guardHosts,
  guardOrigins,
  type HostTest,
  hostTest,
} from "./server/guard.ts";
export {
  DEFAULT_SETTINGS,
  type ExchangeRecord,
  type ServerOptions,
  type ServerSettings,
} from "./server/options.ts";
export { createRouter, type Mount } from "./server/router.ts";
export { createServer, type Server, type ServerAddress } from "./server/server.ts";
export { type StoreCode, StoreError } from "./store/errors.ts";
export { type FolderTreeOptions, openFolderTree } from "./store/folder/tree.ts";
export type { Entry, FileInfo, FolderInfo, Info, OpenFile, Tree, TreePath } from "./store/tree.ts";
export { VERSION } from "./version.ts";
