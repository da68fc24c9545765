// The jPOS side, under JMH: one invocation is all messages of a set. Its main method says what it
// read and which bad messages it took, for the comparison to be one of the same work.
package pantun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jpos.iso.ISOException;
import org.jpos.iso.ISOMsg;
import org.jpos.iso.packager.ISO87APackager;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JposBench {
    static final int MESSAGES = 1024;
    static final int[] EIGHT = {2, 4, 14, 32, 37, 42, 48, 49};
    static final int[] ALL = {2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 41, 42, 43, 48, 49, 62};

    @Param({"same", "mixed"})
    public String set;

    final ISO87APackager packager = new ISO87APackager();
    byte[][] messages;

    @Setup
    public void read() throws IOException {
        messages = messagesOf(Path.of(System.getenv("PANTUN_SETS"), set + ".bin"));
    }

    static byte[][] messagesOf(Path file) throws IOException {
        byte[] raw = Files.readAllBytes(file);
        List<byte[]> messages = new ArrayList<>();
        for (int at = 0; at < raw.length; ) {
            int length = (raw[at] & 255) << 8 | raw[at + 1] & 255;
            byte[] message = new byte[length];
            System.arraycopy(raw, at + 2, message, 0, length);
            messages.add(message);
            at += 2 + length;
        }
        return messages.toArray(new byte[0][]);
    }

    ISOMsg unpack(byte[] bytes) throws ISOException {
        ISOMsg message = new ISOMsg();
        message.setPackager(packager);
        message.unpack(bytes);
        return message;
    }

    static int look(ISOMsg message, int[] elements) {
        int seen = 0;
        for (int de : elements) {
            String text = message.getString(de);
            if (text != null) seen += text.length() + text.charAt(text.length() - 1);
        }
        return seen;
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int unpack() throws ISOException {
        int seen = 0;
        for (byte[] bytes : messages) seen += unpack(bytes).getMTI().length();
        return seen;
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int eight() throws ISOException {
        int seen = 0;
        for (byte[] bytes : messages) seen += look(unpack(bytes), EIGHT);
        return seen;
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int object() throws ISOException {
        int seen = 0;
        for (byte[] bytes : messages) seen += look(unpack(bytes), ALL);
        return seen;
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int answer() throws ISOException {
        int seen = 0;
        for (byte[] bytes : messages) {
            ISOMsg message = unpack(bytes);
            message.setResponseMTI();
            message.set(39, "00");
            byte[] packed = message.pack();
            seen += packed.length + packed[packed.length - 1];
        }
        return seen;
    }

    public static void main(String[] args) throws Exception {
        JposBench bench = new JposBench();
        for (String set : new String[] {"same", "mixed"}) {
            bench.set = set;
            bench.read();
            long sum = 0;
            for (byte[] bytes : bench.messages) {
                ISOMsg message = bench.unpack(bytes);
                for (int de : ALL) {
                    if (!message.hasField(de)) continue;
                    String text = message.getString(de);
                    sum += text.length();
                    for (int i = 0; i < text.length(); i++) sum += text.charAt(i);
                }
            }
            System.out.println("{\"check\":\"object\",\"set\":\"" + set + "\",\"sum\":" + sum + "}");
        }
        List<String> taken = new ArrayList<>();
        for (byte[] bytes : messagesOf(Path.of(System.getenv("PANTUN_SETS"), "bad.bin"))) {
            boolean good = true;
            try {
                bench.unpack(bytes);
            } catch (Exception refused) {
                good = false;
            }
            taken.add(String.valueOf(good));
        }
        System.out.println("{\"taken\":[" + String.join(",", taken) + "]}");
    }
}
