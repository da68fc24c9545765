/**
 * Words at any offset of the buffer that was asked for last. A batch is one buffer, so that one is
 * made a batch and not one a message. Keep one of these for each part that a buffer plays.
 */
export class Looked {
  private buf: Buffer | undefined;
  private view: DataView = new DataView(new ArrayBuffer(0));

  of(buf: Buffer): DataView {
    if (buf !== this.buf) {
      this.view = new DataView(buf.buffer, buf.byteOffset, buf.length);
      this.buf = buf;
    }
    return this.view;
  }
}
