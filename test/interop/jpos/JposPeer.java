// The jPOS side of the interoperability run: packs and unpacks with one of jPOS's own packagers, a
// line of text in, a line of text out. Run as: JposPeer <packager class, or a packager file>
//
//   T                      the packager's table: number, class, length
//   X <mti> <field>...     packs; first drops the fields that jPOS alone cannot carry there and back
//   D <hex>                unpacks
//   N <mti> <field>...     packs fields by path, such as 43.2, if jPOS reads them back itself
//
// A field is number:t:hex (text, latin1) or number:b:hex (bytes).
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jpos.iso.ISOBasePackager;
import org.jpos.iso.ISOFieldPackager;
import org.jpos.iso.ISOMsg;
import org.jpos.iso.packager.GenericPackager;

public class JposPeer {
    static final HexFormat HEX = HexFormat.of();
    static ISOBasePackager packager;

    public static void main(String[] args) throws Exception {
        packager = args[0].endsWith(".xml")
            ? new GenericPackager(args[0])
            : (ISOBasePackager) Class.forName(args[0]).getDeclaredConstructor().newInstance();
        BufferedReader in = new BufferedReader(
            new InputStreamReader(System.in, StandardCharsets.US_ASCII), 1 << 16);
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = handle(line.split(" "));
            } catch (Exception e) {
                answer = "ERR " + e.getClass().getSimpleName();
            }
            out.print(answer + "\n");
            // Lines come in blocks; the end of a block is an empty pipe.
            if (!in.ready()) out.flush();
        }
        out.flush();
    }

    static String handle(String[] words) throws Exception {
        switch (words[0]) {
            case "T": return table();
            case "X": return pack(words);
            case "N": return packNested(words);
            default: return "OK " + unpacked(HEX.parseHex(words.length > 1 ? words[1] : ""));
        }
    }

    static String table() throws Exception {
        StringBuilder sb = new StringBuilder("OK");
        for (int i = 0; i <= 128; i++) {
            ISOFieldPackager fp = packager.getFieldPackager(i);
            if (fp == null) continue;
            sb.append(' ').append(i).append(':').append(fp.getClass().getSimpleName());
            sb.append(':').append(fp.getLength());
        }
        return sb.toString();
    }

    static void set(ISOMsg m, String word) throws Exception {
        String[] parts = word.split(":", -1);
        byte[] bytes = HEX.parseHex(parts[2]);
        int number = Integer.parseInt(parts[0]);
        if (parts[1].equals("b")) m.set(number, bytes);
        else m.set(number, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    static ISOMsg message(String mti, List<String> fields) throws Exception {
        ISOMsg m = new ISOMsg();
        m.setPackager(packager);
        m.setMTI(mti);
        for (String field : fields) set(m, field);
        return m;
    }

    static String packNested(String[] words) throws Exception {
        ISOMsg m = new ISOMsg();
        m.setPackager(packager);
        m.setMTI(words[1]);
        List<String> fields = Arrays.asList(words).subList(2, words.length);
        for (String field : fields) {
            String[] parts = field.split(":", -1);
            byte[] bytes = HEX.parseHex(parts[2]);
            if (parts[1].equals("b")) m.set(parts[0], bytes);
            else m.set(parts[0], new String(bytes, StandardCharsets.ISO_8859_1));
        }
        byte[] packed = m.pack();
        ISOMsg back = new ISOMsg();
        back.setPackager(packager);
        if (back.unpack(packed) != packed.length) throw new IllegalStateException("bytes are left");
        for (String field : fields) {
            String[] parts = field.split(":", -1);
            byte[] own = parts[1].equals("b")
                ? back.getBytes(parts[0])
                : back.getString(parts[0]).getBytes(StandardCharsets.ISO_8859_1);
            if (!HEX.formatHex(own).equals(parts[2])) throw new IllegalStateException("not carried");
        }
        return "OK " + HEX.formatHex(packed);
    }

    /** Fields that jPOS packs and unpacks to the same value when they are alone. */
    static boolean carries(String mti, String field) {
        try {
            byte[] bytes = message(mti, List.of(field)).pack();
            return unpacked(bytes).equals(mti + " " + field);
        } catch (Exception e) {
            return false;
        }
    }

    static String pack(String[] words) throws Exception {
        List<String> good = new ArrayList<>();
        StringBuilder bad = new StringBuilder();
        for (String field : Arrays.asList(words).subList(2, words.length)) {
            if (carries(words[1], field)) good.add(field);
            else bad.append(bad.length() == 0 ? "" : ",").append(field.split(":")[0]);
        }
        byte[] bytes = message(words[1], good).pack();
        return "OK " + (bad.length() == 0 ? "-" : bad) + " " + HEX.formatHex(bytes);
    }

    static String unpacked(byte[] bytes) throws Exception {
        ISOMsg m = new ISOMsg();
        m.setPackager(packager);
        int used = m.unpack(bytes);
        if (used != bytes.length) throw new IllegalStateException("bytes are left");
        StringBuilder sb = new StringBuilder(m.getMTI());
        for (int i = 2; i <= 128; i++) {
            if (!m.hasField(i)) continue;
            Object value = m.getValue(i);
            boolean binary = value instanceof byte[];
            byte[] data = binary
                ? (byte[]) value
                : ((String) value).getBytes(StandardCharsets.ISO_8859_1);
            sb.append(' ').append(i).append(binary ? ":b:" : ":t:").append(HEX.formatHex(data));
        }
        return sb.toString();
    }
}
