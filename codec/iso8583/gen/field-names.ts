// Made by codec/iso8583/generator/main.ts from the dialects; do not edit.

/** Every path of each dialect. */
export interface FieldPaths {
  "mydebit":
    | "2" | "3" | "3.1" | "3.2" | "3.3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11"
    | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "22.1"
    | "22.2" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33"
    | "34" | "35" | "36" | "37" | "38" | "39" | "40" | "41" | "42" | "43" | "44" | "45" | "46"
    | "47" | "48" | "49" | "50" | "51" | "52" | "53" | "54" | "55" | "56" | "57" | "58" | "59"
    | "60" | "61" | "62" | "63" | "64" | "66" | "67" | "68" | "69" | "70" | "71" | "72" | "73"
    | "74" | "75" | "76" | "77" | "78" | "79" | "80" | "81" | "82" | "83" | "84" | "85" | "86"
    | "87" | "88" | "89" | "90" | "90.1" | "90.2" | "90.3" | "90.4" | "90.5" | "91" | "92"
    | "93" | "94" | "95" | "95.1" | "95.2" | "95.3" | "95.4" | "96" | "97" | "98" | "99"
    | "100" | "101" | "102" | "103" | "104" | "105" | "106" | "107" | "108" | "109" | "110"
    | "111" | "112" | "113" | "114" | "115" | "116" | "117" | "118" | "119" | "120" | "120.10"
    | "120.11" | "120.12" | "120.13" | "120.14" | "120.15" | "120.16" | "120.17" | "120.18"
    | "120.19" | "120.20" | "120.40" | "120.41" | "120.50" | "120.51" | "120.52" | "120.53"
    | "120.54" | "120.55" | "120.56" | "120.57" | "120.58" | "120.01" | "120.02" | "120.03"
    | "120.04" | "120.05" | "120.06" | "120.07" | "120.08" | "120.09" | "121" | "122" | "123"
    | "124" | "125" | "126" | "127" | "128";
  "iso87-ascii":
    | "2" | "3" | "3.1" | "3.2" | "3.3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11"
    | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "22.1"
    | "22.2" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33"
    | "34" | "35" | "36" | "37" | "38" | "39" | "40" | "41" | "42" | "43" | "44" | "45" | "46"
    | "47" | "48" | "49" | "50" | "51" | "52" | "53" | "54" | "55" | "56" | "57" | "58" | "59"
    | "60" | "61" | "62" | "63" | "64" | "66" | "67" | "68" | "69" | "70" | "71" | "72" | "73"
    | "74" | "75" | "76" | "77" | "78" | "79" | "80" | "81" | "82" | "83" | "84" | "85" | "86"
    | "87" | "88" | "89" | "90" | "90.1" | "90.2" | "90.3" | "90.4" | "90.5" | "91" | "92"
    | "93" | "94" | "95" | "95.1" | "95.2" | "95.3" | "95.4" | "96" | "97" | "98" | "99"
    | "100" | "101" | "102" | "103" | "104" | "105" | "106" | "107" | "108" | "109" | "110"
    | "111" | "112" | "113" | "114" | "115" | "116" | "117" | "118" | "119" | "120" | "121"
    | "122" | "123" | "124" | "125" | "126" | "127" | "128";
  "iso87-bcd":
    | "2" | "3" | "3.1" | "3.2" | "3.3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11"
    | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "23" | "24"
    | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33" | "34" | "35" | "36" | "37"
    | "38" | "39" | "40" | "41" | "42" | "43" | "44" | "45" | "46" | "47" | "48" | "49" | "50"
    | "51" | "52" | "53" | "54" | "55" | "56" | "57" | "58" | "59" | "60" | "61" | "62" | "63"
    | "64" | "66" | "67" | "68" | "69" | "70" | "71" | "72" | "73" | "74" | "75" | "76" | "77"
    | "78" | "79" | "80" | "81" | "82" | "83" | "84" | "85" | "86" | "87" | "88" | "89" | "90"
    | "90.1" | "90.2" | "90.3" | "90.4" | "90.5" | "91" | "92" | "93" | "94" | "95" | "95.1"
    | "95.2" | "95.3" | "95.4" | "96" | "97" | "98" | "99" | "100" | "101" | "102" | "103"
    | "104" | "105" | "106" | "107" | "108" | "109" | "110" | "111" | "112" | "113" | "114"
    | "115" | "116" | "117" | "118" | "119" | "120" | "121" | "122" | "123" | "124" | "125"
    | "126" | "127" | "128";
  "iso93-ascii":
    | "2" | "3" | "3.1" | "3.2" | "3.3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11"
    | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "22.1"
    | "22.2" | "22.3" | "22.4" | "22.5" | "22.6" | "22.7" | "22.8" | "22.9" | "22.10" | "22.11"
    | "22.12" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33"
    | "34" | "35" | "36" | "37" | "38" | "39" | "40" | "41" | "42" | "43" | "44" | "45" | "46"
    | "47" | "48" | "49" | "50" | "51" | "52" | "53" | "54" | "55" | "55.50" | "55.56"
    | "55.57" | "55.71" | "55.72" | "55.82" | "55.84" | "55.91" | "55.95" | "55.4F" | "55.5A"
    | "55.5F20" | "55.5F24" | "55.5F25" | "55.5F28" | "55.5F2A" | "55.5F30" | "55.5F34"
    | "55.5F36" | "55.8A" | "55.8E" | "55.9A" | "55.9B" | "55.9C" | "55.9F02" | "55.9F03"
    | "55.9F06" | "55.9F07" | "55.9F08" | "55.9F09" | "55.9F0D" | "55.9F0E" | "55.9F0F"
    | "55.9F10" | "55.9F11" | "55.9F12" | "55.9F19" | "55.9F1A" | "55.9F1E" | "55.9F1F"
    | "55.9F20" | "55.9F21" | "55.9F24" | "55.9F25" | "55.9F26" | "55.9F27" | "55.9F33"
    | "55.9F34" | "55.9F35" | "55.9F36" | "55.9F37" | "55.9F41" | "55.9F4E" | "55.9F53"
    | "55.9F5B" | "55.9F6B" | "55.9F6E" | "55.9F7C" | "56" | "57" | "58" | "59" | "60" | "61"
    | "62" | "63" | "64" | "66" | "67" | "68" | "69" | "70" | "71" | "72" | "73" | "74" | "75"
    | "76" | "77" | "78" | "79" | "80" | "81" | "82" | "83" | "84" | "85" | "86" | "87" | "88"
    | "89" | "90" | "91" | "92" | "93" | "94" | "95" | "96" | "97" | "98" | "99" | "100"
    | "101" | "102" | "103" | "104" | "105" | "106" | "107" | "108" | "109" | "110" | "111"
    | "112" | "113" | "114" | "115" | "116" | "117" | "118" | "119" | "120" | "121" | "122"
    | "123" | "124" | "125" | "126" | "127" | "128";
  "iso93-bcd":
    | "2" | "3" | "3.1" | "3.2" | "3.3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11"
    | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "22.1"
    | "22.2" | "22.3" | "22.4" | "22.5" | "22.6" | "22.7" | "22.8" | "22.9" | "22.10" | "22.11"
    | "22.12" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33"
    | "34" | "35" | "36" | "37" | "38" | "39" | "40" | "41" | "42" | "43" | "44" | "45" | "46"
    | "47" | "48" | "49" | "50" | "51" | "52" | "53" | "54" | "55" | "55.50" | "55.56"
    | "55.57" | "55.71" | "55.72" | "55.82" | "55.84" | "55.91" | "55.95" | "55.4F" | "55.5A"
    | "55.5F20" | "55.5F24" | "55.5F25" | "55.5F28" | "55.5F2A" | "55.5F30" | "55.5F34"
    | "55.5F36" | "55.8A" | "55.8E" | "55.9A" | "55.9B" | "55.9C" | "55.9F02" | "55.9F03"
    | "55.9F06" | "55.9F07" | "55.9F08" | "55.9F09" | "55.9F0D" | "55.9F0E" | "55.9F0F"
    | "55.9F10" | "55.9F11" | "55.9F12" | "55.9F19" | "55.9F1A" | "55.9F1E" | "55.9F1F"
    | "55.9F20" | "55.9F21" | "55.9F24" | "55.9F25" | "55.9F26" | "55.9F27" | "55.9F33"
    | "55.9F34" | "55.9F35" | "55.9F36" | "55.9F37" | "55.9F41" | "55.9F4E" | "55.9F53"
    | "55.9F5B" | "55.9F6B" | "55.9F6E" | "55.9F7C" | "56" | "57" | "58" | "59" | "60" | "61"
    | "62" | "63" | "64" | "66" | "67" | "68" | "69" | "70" | "71" | "72" | "73" | "74" | "75"
    | "76" | "77" | "78" | "79" | "80" | "81" | "82" | "83" | "84" | "85" | "86" | "87" | "88"
    | "89" | "90" | "91" | "92" | "93" | "94" | "95" | "96" | "97" | "98" | "99" | "100"
    | "101" | "102" | "103" | "104" | "105" | "106" | "107" | "108" | "109" | "110" | "111"
    | "112" | "113" | "114" | "115" | "116" | "117" | "118" | "119" | "120" | "121" | "122"
    | "123" | "124" | "125" | "126" | "127" | "128";
  "iso2003":
    | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11" | "12" | "13" | "14" | "15"
    | "16" | "17" | "18" | "19" | "20" | "21" | "21.1" | "21.2" | "21.3" | "21.4" | "22" | "23"
    | "24" | "25" | "26" | "27" | "27.1" | "27.2" | "27.3" | "27.4" | "27.5" | "27.6" | "27.7"
    | "27.8" | "27.9" | "27.10" | "28" | "29" | "30" | "30.1" | "30.2" | "31" | "32" | "33"
    | "34" | "34.01" | "34.01.50" | "34.01.56" | "34.01.57" | "34.01.71" | "34.01.72"
    | "34.01.82" | "34.01.84" | "34.01.91" | "34.01.95" | "34.01.4F" | "34.01.5A"
    | "34.01.5F20" | "34.01.5F24" | "34.01.5F25" | "34.01.5F28" | "34.01.5F2A" | "34.01.5F30"
    | "34.01.5F34" | "34.01.5F36" | "34.01.8A" | "34.01.8E" | "34.01.9A" | "34.01.9B"
    | "34.01.9C" | "34.01.9F02" | "34.01.9F03" | "34.01.9F06" | "34.01.9F07" | "34.01.9F08"
    | "34.01.9F09" | "34.01.9F0D" | "34.01.9F0E" | "34.01.9F0F" | "34.01.9F10" | "34.01.9F11"
    | "34.01.9F12" | "34.01.9F19" | "34.01.9F1A" | "34.01.9F1E" | "34.01.9F1F" | "34.01.9F20"
    | "34.01.9F21" | "34.01.9F24" | "34.01.9F25" | "34.01.9F26" | "34.01.9F27" | "34.01.9F33"
    | "34.01.9F34" | "34.01.9F35" | "34.01.9F36" | "34.01.9F37" | "34.01.9F41" | "34.01.9F4E"
    | "34.01.9F53" | "34.01.9F5B" | "34.01.9F6B" | "34.01.9F6E" | "34.01.9F7C" | "35" | "36"
    | "37" | "38" | "39" | "40" | "41" | "42" | "43" | "43.2" | "43.3" | "43.4" | "43.5"
    | "43.6" | "43.7" | "43.8" | "43.9" | "43.10" | "43.11" | "43.12" | "44" | "45" | "46"
    | "47" | "48" | "49" | "49.1" | "49.2" | "49.3" | "49.4" | "49.5" | "49.6" | "50" | "51"
    | "52" | "53" | "54" | "55" | "55.50" | "55.56" | "55.57" | "55.71" | "55.72" | "55.82"
    | "55.84" | "55.91" | "55.95" | "55.4F" | "55.5A" | "55.5F20" | "55.5F24" | "55.5F25"
    | "55.5F28" | "55.5F2A" | "55.5F30" | "55.5F34" | "55.5F36" | "55.8A" | "55.8E" | "55.9A"
    | "55.9B" | "55.9C" | "55.9F02" | "55.9F03" | "55.9F06" | "55.9F07" | "55.9F08" | "55.9F09"
    | "55.9F0D" | "55.9F0E" | "55.9F0F" | "55.9F10" | "55.9F11" | "55.9F12" | "55.9F19"
    | "55.9F1A" | "55.9F1E" | "55.9F1F" | "55.9F20" | "55.9F21" | "55.9F24" | "55.9F25"
    | "55.9F26" | "55.9F27" | "55.9F33" | "55.9F34" | "55.9F35" | "55.9F36" | "55.9F37"
    | "55.9F41" | "55.9F4E" | "55.9F53" | "55.9F5B" | "55.9F6B" | "55.9F6E" | "55.9F7C" | "56"
    | "57" | "58" | "59" | "60" | "61" | "62" | "63" | "64" | "66" | "67" | "68" | "69" | "70"
    | "71" | "72" | "73" | "74" | "74.1" | "74.2" | "74.3" | "74.4" | "74.5" | "74.6" | "74.7"
    | "74.8" | "74.9" | "74.10" | "74.11" | "74.12" | "75" | "76" | "77" | "78" | "79" | "80"
    | "81" | "82" | "83" | "84" | "85" | "86" | "87" | "88" | "89" | "90" | "91" | "92" | "93"
    | "94" | "95" | "96" | "97" | "98" | "99" | "100" | "101" | "102" | "103" | "104" | "105"
    | "106" | "107" | "108" | "109" | "110" | "111" | "112" | "113" | "113.2" | "113.3"
    | "113.4" | "113.5" | "113.6" | "113.7" | "113.8" | "113.9" | "113.10" | "113.11"
    | "113.12" | "113.13" | "113.14" | "113.15" | "113.16" | "113.17" | "113.18" | "113.19"
    | "113.20" | "113.21" | "113.22" | "113.23" | "113.24" | "113.25" | "113.26" | "113.27"
    | "113.28" | "113.29" | "113.30" | "113.31" | "113.32" | "113.39" | "113.52" | "113.53"
    | "113.63" | "114" | "115" | "116" | "117" | "118" | "119" | "120" | "121" | "122" | "123"
    | "124" | "125" | "126" | "127" | "128";
  "mc-style":
    | "2" | "3" | "3.1" | "3.2" | "3.3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11"
    | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "22.1"
    | "22.2" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33"
    | "34" | "35" | "36" | "37" | "38" | "39" | "40" | "41" | "42" | "43" | "43.1" | "43.2"
    | "43.3" | "43.4" | "43.5" | "44" | "45" | "46" | "47" | "48" | "48.22" | "48.23" | "48.26"
    | "48.30" | "48.32" | "48.33" | "48.33.01" | "48.33.02" | "48.33.03" | "48.33.06"
    | "48.33.08" | "48.42" | "48.43" | "48.63" | "48.66" | "48.71" | "48.74" | "48.75"
    | "48.84" | "48.92" | "49" | "50" | "51" | "52" | "53" | "54" | "55" | "55.50" | "55.56"
    | "55.57" | "55.71" | "55.72" | "55.82" | "55.84" | "55.91" | "55.95" | "55.4F" | "55.5A"
    | "55.5F20" | "55.5F24" | "55.5F25" | "55.5F28" | "55.5F2A" | "55.5F30" | "55.5F34"
    | "55.5F36" | "55.8A" | "55.8E" | "55.9A" | "55.9B" | "55.9C" | "55.9F02" | "55.9F03"
    | "55.9F06" | "55.9F07" | "55.9F08" | "55.9F09" | "55.9F0D" | "55.9F0E" | "55.9F0F"
    | "55.9F10" | "55.9F11" | "55.9F12" | "55.9F19" | "55.9F1A" | "55.9F1E" | "55.9F1F"
    | "55.9F20" | "55.9F21" | "55.9F24" | "55.9F25" | "55.9F26" | "55.9F27" | "55.9F33"
    | "55.9F34" | "55.9F35" | "55.9F36" | "55.9F37" | "55.9F41" | "55.9F4E" | "55.9F53"
    | "55.9F5B" | "55.9F6B" | "55.9F6E" | "55.9F7C" | "56" | "57" | "58" | "59" | "60" | "61"
    | "62" | "63" | "64" | "66" | "67" | "68" | "69" | "70" | "71" | "72" | "73" | "74" | "75"
    | "76" | "77" | "78" | "79" | "80" | "81" | "82" | "83" | "84" | "85" | "86" | "87" | "88"
    | "89" | "90" | "90.1" | "90.2" | "90.3" | "90.4" | "90.5" | "91" | "92" | "93" | "94"
    | "95" | "95.1" | "95.2" | "95.3" | "95.4" | "96" | "97" | "98" | "99" | "100" | "101"
    | "102" | "103" | "104" | "105" | "106" | "107" | "108" | "109" | "110" | "111" | "112"
    | "113" | "114" | "115" | "116" | "117" | "118" | "119" | "120" | "121" | "122" | "123"
    | "124" | "124.1" | "124.2" | "124.3" | "125" | "126" | "127" | "128";
  "visa-style":
    | "2" | "3" | "3.1" | "3.2" | "3.3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11"
    | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "23" | "24"
    | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33" | "34" | "35" | "36" | "37"
    | "38" | "39" | "40" | "41" | "42" | "43" | "44" | "44.1" | "44.2" | "44.3" | "44.4"
    | "44.5" | "44.6" | "44.7" | "44.8" | "44.9" | "44.10" | "44.11" | "44.12" | "44.13" | "45"
    | "46" | "47" | "48" | "49" | "50" | "51" | "52" | "53" | "54" | "55" | "55.50" | "55.56"
    | "55.57" | "55.71" | "55.72" | "55.82" | "55.84" | "55.91" | "55.95" | "55.4F" | "55.5A"
    | "55.5F20" | "55.5F24" | "55.5F25" | "55.5F28" | "55.5F2A" | "55.5F30" | "55.5F34"
    | "55.5F36" | "55.8A" | "55.8E" | "55.9A" | "55.9B" | "55.9C" | "55.9F02" | "55.9F03"
    | "55.9F06" | "55.9F07" | "55.9F08" | "55.9F09" | "55.9F0D" | "55.9F0E" | "55.9F0F"
    | "55.9F10" | "55.9F11" | "55.9F12" | "55.9F19" | "55.9F1A" | "55.9F1E" | "55.9F1F"
    | "55.9F20" | "55.9F21" | "55.9F24" | "55.9F25" | "55.9F26" | "55.9F27" | "55.9F33"
    | "55.9F34" | "55.9F35" | "55.9F36" | "55.9F37" | "55.9F41" | "55.9F4E" | "55.9F53"
    | "55.9F5B" | "55.9F6B" | "55.9F6E" | "55.9F7C" | "56" | "57" | "58" | "59" | "59.1"
    | "59.2" | "59.3" | "60" | "61" | "62" | "62.1" | "62.2" | "62.3" | "62.4" | "62.5"
    | "62.23" | "63" | "63.1" | "63.2" | "63.3" | "63.4" | "63.5" | "64" | "66" | "67" | "68"
    | "69" | "70" | "71" | "72" | "73" | "74" | "75" | "76" | "77" | "78" | "79" | "80" | "81"
    | "82" | "83" | "84" | "85" | "86" | "87" | "88" | "89" | "90" | "91" | "92" | "93" | "94"
    | "95" | "96" | "97" | "98" | "99" | "100" | "101" | "102" | "103" | "104" | "105" | "106"
    | "107" | "108" | "109" | "110" | "111" | "112" | "113" | "114" | "115" | "116" | "117"
    | "118" | "119" | "120" | "121" | "122" | "123" | "123.66" | "123.66.C0" | "123.66.CF"
    | "123.68" | "123.68.01" | "123.68.02" | "123.68.03" | "123.68.04" | "123.68.06"
    | "123.68.07" | "123.68.08" | "123.68.0B" | "123.69" | "123.69.01" | "123.69.02"
    | "123.69.04" | "123.69.05" | "124" | "125" | "126" | "126.6" | "126.8" | "126.9"
    | "126.10" | "126.13" | "126.20" | "127" | "128" | "130" | "131" | "132" | "136" | "137"
    | "138" | "140" | "147" | "148";
  "postilion-style":
    | "2" | "3" | "3.1" | "3.2" | "3.3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11"
    | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "22.1"
    | "22.2" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33"
    | "34" | "35" | "36" | "37" | "38" | "39" | "40" | "41" | "42" | "43" | "44" | "45" | "46"
    | "47" | "48" | "49" | "50" | "51" | "52" | "53" | "54" | "55" | "56" | "57" | "58" | "59"
    | "60" | "61" | "62" | "63" | "64" | "66" | "67" | "68" | "69" | "70" | "71" | "72" | "73"
    | "74" | "75" | "76" | "77" | "78" | "79" | "80" | "81" | "82" | "83" | "84" | "85" | "86"
    | "87" | "88" | "89" | "90" | "90.1" | "90.2" | "90.3" | "90.4" | "90.5" | "91" | "92"
    | "93" | "94" | "95" | "95.1" | "95.2" | "95.3" | "95.4" | "96" | "97" | "98" | "99"
    | "100" | "101" | "102" | "103" | "104" | "105" | "106" | "107" | "108" | "109" | "110"
    | "111" | "112" | "113" | "114" | "115" | "116" | "117" | "118" | "119" | "120" | "121"
    | "122" | "123" | "124" | "125" | "126" | "127" | "127.2" | "127.3" | "127.4" | "127.5"
    | "127.6" | "127.7" | "127.8" | "127.9" | "127.10" | "127.11" | "127.12" | "127.13"
    | "127.14" | "127.15" | "127.16" | "127.17" | "127.18" | "127.19" | "127.20" | "127.21"
    | "127.22" | "127.25" | "127.25.2" | "127.25.3" | "127.25.4" | "127.25.5" | "127.25.6"
    | "127.25.7" | "127.25.8" | "127.25.9" | "127.25.10" | "127.25.11" | "127.25.12"
    | "127.25.13" | "127.25.14" | "127.25.15" | "127.25.16" | "127.25.17" | "127.25.18"
    | "127.25.19" | "127.25.20" | "127.25.21" | "127.25.22" | "127.25.23" | "127.25.24"
    | "127.25.25" | "127.25.26" | "127.25.27" | "127.25.28" | "127.25.29" | "127.25.30"
    | "127.25.31" | "127.26" | "127.27" | "127.28" | "127.29" | "127.30" | "127.31" | "127.33"
    | "127.39" | "128";
  "base24-style":
    | "2" | "3" | "3.1" | "3.2" | "3.3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11"
    | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "22.1"
    | "22.2" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33"
    | "34" | "35" | "36" | "37" | "38" | "39" | "40" | "41" | "42" | "43" | "44" | "45" | "46"
    | "47" | "48" | "49" | "50" | "51" | "52" | "53" | "54" | "55" | "56" | "57" | "58" | "59"
    | "60" | "61" | "62" | "63" | "63.01" | "63.B2" | "63.B3" | "63.B4" | "63.B5" | "63.C0"
    | "63.C4" | "63.Q1" | "63.Q2" | "64" | "66" | "67" | "68" | "69" | "70" | "71" | "72"
    | "73" | "74" | "75" | "76" | "77" | "78" | "79" | "80" | "81" | "82" | "83" | "84" | "85"
    | "86" | "87" | "88" | "89" | "90" | "90.1" | "90.2" | "90.3" | "90.4" | "90.5" | "91"
    | "92" | "93" | "94" | "95" | "95.1" | "95.2" | "95.3" | "95.4" | "96" | "97" | "98" | "99"
    | "100" | "101" | "102" | "103" | "104" | "105" | "106" | "107" | "108" | "109" | "110"
    | "111" | "112" | "113" | "114" | "115" | "116" | "117" | "118" | "119" | "120" | "121"
    | "122" | "123" | "124" | "125" | "126" | "126.01" | "126.B2" | "126.B3" | "126.B4"
    | "126.B5" | "126.C0" | "126.C4" | "126.Q1" | "126.Q2" | "127" | "128";
}

/** Names of each dialect and where they stand. */
export interface FieldAliases {
  "mydebit": {
    readonly "pan": "2";
    readonly "processingCode": "3";
    readonly "amount": "4";
    readonly "amountSettlement": "5";
    readonly "amountCardholderBilling": "6";
    readonly "transmissionTime": "7";
    readonly "amountCardholderBillingFee": "8";
    readonly "conversionRateSettlement": "9";
    readonly "conversionRateBilling": "10";
    readonly "stan": "11";
    readonly "localTime": "12";
    readonly "localDate": "13";
    readonly "expiry": "14";
    readonly "settlementDate": "15";
    readonly "conversionDate": "16";
    readonly "captureDate": "17";
    readonly "mcc": "18";
    readonly "acquirerCountry": "19";
    readonly "panExtendedCountry": "20";
    readonly "forwarderCountry": "21";
    readonly "posEntryMode": "22";
    readonly "cardSequenceNumber": "23";
    readonly "networkInternationalId": "24";
    readonly "posConditionCode": "25";
    readonly "pinCaptureCode": "26";
    readonly "authorisationIdResponseLength": "27";
    readonly "amountTransactionFee": "28";
    readonly "amountSettlementFee": "29";
    readonly "amountTransactionProcessingFee": "30";
    readonly "amountSettlementProcessingFee": "31";
    readonly "acquirer": "32";
    readonly "forwarder": "33";
    readonly "panExtended": "34";
    readonly "track2": "35";
    readonly "track3": "36";
    readonly "rrn": "37";
    readonly "authorisationIdResponse": "38";
    readonly "responseCode": "39";
    readonly "serviceRestrictionCode": "40";
    readonly "terminal": "41";
    readonly "merchant": "42";
    readonly "cardAcceptorNameAndLocation": "43";
    readonly "additionalResponseData": "44";
    readonly "track1": "45";
    readonly "additionalDataIso": "46";
    readonly "additionalDataNational": "47";
    readonly "additionalDataPrivate": "48";
    readonly "currency": "49";
    readonly "currencySettlement": "50";
    readonly "currencyCardholderBilling": "51";
    readonly "pinBlock": "52";
    readonly "securityControlInformation": "53";
    readonly "additionalAmounts": "54";
    readonly "iccData": "55";
    readonly "settlementCode": "66";
    readonly "extendedPaymentCode": "67";
    readonly "receivingInstitutionCountry": "68";
    readonly "settlementInstitutionCountry": "69";
    readonly "networkManagementCode": "70";
    readonly "messageNumber": "71";
    readonly "messageNumberLast": "72";
    readonly "actionDate": "73";
    readonly "creditsNumber": "74";
    readonly "creditsReversalNumber": "75";
    readonly "debitsNumber": "76";
    readonly "debitsReversalNumber": "77";
    readonly "transferNumber": "78";
    readonly "transferReversalNumber": "79";
    readonly "inquiriesNumber": "80";
    readonly "authorisationsNumber": "81";
    readonly "creditsProcessingFee": "82";
    readonly "creditsTransactionFee": "83";
    readonly "debitsProcessingFee": "84";
    readonly "debitsTransactionFee": "85";
    readonly "creditsAmount": "86";
    readonly "creditsReversalAmount": "87";
    readonly "debitsAmount": "88";
    readonly "debitsReversalAmount": "89";
    readonly "originalDataElements": "90";
    readonly "fileUpdateCode": "91";
    readonly "fileSecurityCode": "92";
    readonly "responseIndicator": "93";
    readonly "serviceIndicator": "94";
    readonly "replacementAmounts": "95";
    readonly "messageSecurityCode": "96";
    readonly "amountNetSettlement": "97";
    readonly "payee": "98";
    readonly "settlementInstitutionId": "99";
    readonly "receivingInstitutionId": "100";
    readonly "fileName": "101";
    readonly "accountId1": "102";
    readonly "accountId2": "103";
    readonly "transactionDescription": "104";
    readonly "tokenData": "120";
    readonly "transactionType": "3.1";
    readonly "fromAccount": "3.2";
    readonly "toAccount": "3.3";
    readonly "entryMode": "22.1";
    readonly "pinCapability": "22.2";
    readonly "messageType": "90.1";
    readonly "actualTransaction": "95.1";
    readonly "actualSettlement": "95.2";
    readonly "actualTransactionFee": "95.3";
    readonly "actualSettlementFee": "95.4";
    readonly "tokenAssuranceMethod": "120.10";
    readonly "tokenType": "120.11";
    readonly "ptavResult": "120.12";
    readonly "tspReason": "120.13";
    readonly "verificationId": "120.14";
    readonly "piav": "120.15";
    readonly "eci": "120.16";
    readonly "3dsDirectoryServerTransactionId": "120.17";
    readonly "tokenStatus": "120.18";
    readonly "tokenProvisionedAt": "120.19";
    readonly "repetitionMark": "120.20";
    readonly "keyBlock": "120.40";
    readonly "keyCheckValue": "120.41";
    readonly "action": "120.50";
    readonly "reason": "120.51";
    readonly "newPan": "120.52";
    readonly "newExpiry": "120.53";
    readonly "eventReference": "120.54";
    readonly "effectiveTime": "120.55";
    readonly "tokensAffected": "120.56";
    readonly "cardStatus": "120.57";
    readonly "staleMark": "120.58";
    readonly "tpan": "120.01";
    readonly "tpanExpiry": "120.02";
    readonly "trid": "120.03";
    readonly "ptav": "120.04";
    readonly "initiation": "120.05";
    readonly "mitType": "120.06";
    readonly "storedCredential": "120.07";
    readonly "agreementId": "120.08";
    readonly "par": "120.09";
  };
  "iso87-ascii": {
    readonly "pan": "2";
    readonly "processingCode": "3";
    readonly "amount": "4";
    readonly "amountSettlement": "5";
    readonly "amountCardholderBilling": "6";
    readonly "transmissionTime": "7";
    readonly "amountCardholderBillingFee": "8";
    readonly "conversionRateSettlement": "9";
    readonly "conversionRateBilling": "10";
    readonly "stan": "11";
    readonly "localTime": "12";
    readonly "localDate": "13";
    readonly "expiry": "14";
    readonly "settlementDate": "15";
    readonly "conversionDate": "16";
    readonly "captureDate": "17";
    readonly "mcc": "18";
    readonly "acquirerCountry": "19";
    readonly "panExtendedCountry": "20";
    readonly "forwarderCountry": "21";
    readonly "posEntryMode": "22";
    readonly "cardSequenceNumber": "23";
    readonly "networkInternationalId": "24";
    readonly "posConditionCode": "25";
    readonly "pinCaptureCode": "26";
    readonly "authorisationIdResponseLength": "27";
    readonly "amountTransactionFee": "28";
    readonly "amountSettlementFee": "29";
    readonly "amountTransactionProcessingFee": "30";
    readonly "amountSettlementProcessingFee": "31";
    readonly "acquirer": "32";
    readonly "forwarder": "33";
    readonly "panExtended": "34";
    readonly "track2": "35";
    readonly "track3": "36";
    readonly "rrn": "37";
    readonly "authorisationIdResponse": "38";
    readonly "responseCode": "39";
    readonly "serviceRestrictionCode": "40";
    readonly "terminal": "41";
    readonly "merchant": "42";
    readonly "cardAcceptorNameAndLocation": "43";
    readonly "additionalResponseData": "44";
    readonly "track1": "45";
    readonly "additionalDataIso": "46";
    readonly "additionalDataNational": "47";
    readonly "additionalDataPrivate": "48";
    readonly "currency": "49";
    readonly "currencySettlement": "50";
    readonly "currencyCardholderBilling": "51";
    readonly "pinBlock": "52";
    readonly "securityControlInformation": "53";
    readonly "additionalAmounts": "54";
    readonly "iccData": "55";
    readonly "settlementCode": "66";
    readonly "extendedPaymentCode": "67";
    readonly "receivingInstitutionCountry": "68";
    readonly "settlementInstitutionCountry": "69";
    readonly "networkManagementCode": "70";
    readonly "messageNumber": "71";
    readonly "messageNumberLast": "72";
    readonly "actionDate": "73";
    readonly "creditsNumber": "74";
    readonly "creditsReversalNumber": "75";
    readonly "debitsNumber": "76";
    readonly "debitsReversalNumber": "77";
    readonly "transferNumber": "78";
    readonly "transferReversalNumber": "79";
    readonly "inquiriesNumber": "80";
    readonly "authorisationsNumber": "81";
    readonly "creditsProcessingFee": "82";
    readonly "creditsTransactionFee": "83";
    readonly "debitsProcessingFee": "84";
    readonly "debitsTransactionFee": "85";
    readonly "creditsAmount": "86";
    readonly "creditsReversalAmount": "87";
    readonly "debitsAmount": "88";
    readonly "debitsReversalAmount": "89";
    readonly "originalDataElements": "90";
    readonly "fileUpdateCode": "91";
    readonly "fileSecurityCode": "92";
    readonly "responseIndicator": "93";
    readonly "serviceIndicator": "94";
    readonly "replacementAmounts": "95";
    readonly "messageSecurityCode": "96";
    readonly "amountNetSettlement": "97";
    readonly "payee": "98";
    readonly "settlementInstitutionId": "99";
    readonly "receivingInstitutionId": "100";
    readonly "fileName": "101";
    readonly "accountId1": "102";
    readonly "accountId2": "103";
    readonly "transactionDescription": "104";
    readonly "transactionType": "3.1";
    readonly "fromAccount": "3.2";
    readonly "toAccount": "3.3";
    readonly "entryMode": "22.1";
    readonly "pinCapability": "22.2";
    readonly "messageType": "90.1";
    readonly "actualTransaction": "95.1";
    readonly "actualSettlement": "95.2";
    readonly "actualTransactionFee": "95.3";
    readonly "actualSettlementFee": "95.4";
  };
  "iso87-bcd": {
    readonly "pan": "2";
    readonly "processingCode": "3";
    readonly "amount": "4";
    readonly "amountSettlement": "5";
    readonly "amountCardholderBilling": "6";
    readonly "transmissionTime": "7";
    readonly "amountCardholderBillingFee": "8";
    readonly "conversionRateSettlement": "9";
    readonly "conversionRateBilling": "10";
    readonly "stan": "11";
    readonly "localTime": "12";
    readonly "localDate": "13";
    readonly "expiry": "14";
    readonly "settlementDate": "15";
    readonly "conversionDate": "16";
    readonly "captureDate": "17";
    readonly "mcc": "18";
    readonly "acquirerCountry": "19";
    readonly "panExtendedCountry": "20";
    readonly "forwarderCountry": "21";
    readonly "posEntryMode": "22";
    readonly "cardSequenceNumber": "23";
    readonly "networkInternationalId": "24";
    readonly "posConditionCode": "25";
    readonly "pinCaptureCode": "26";
    readonly "authorisationIdResponseLength": "27";
    readonly "amountTransactionFee": "28";
    readonly "amountSettlementFee": "29";
    readonly "amountTransactionProcessingFee": "30";
    readonly "amountSettlementProcessingFee": "31";
    readonly "acquirer": "32";
    readonly "forwarder": "33";
    readonly "panExtended": "34";
    readonly "track2": "35";
    readonly "track3": "36";
    readonly "rrn": "37";
    readonly "authorisationIdResponse": "38";
    readonly "responseCode": "39";
    readonly "serviceRestrictionCode": "40";
    readonly "terminal": "41";
    readonly "merchant": "42";
    readonly "cardAcceptorNameAndLocation": "43";
    readonly "additionalResponseData": "44";
    readonly "track1": "45";
    readonly "additionalDataIso": "46";
    readonly "additionalDataNational": "47";
    readonly "additionalDataPrivate": "48";
    readonly "currency": "49";
    readonly "currencySettlement": "50";
    readonly "currencyCardholderBilling": "51";
    readonly "pinBlock": "52";
    readonly "securityControlInformation": "53";
    readonly "additionalAmounts": "54";
    readonly "iccData": "55";
    readonly "settlementCode": "66";
    readonly "extendedPaymentCode": "67";
    readonly "receivingInstitutionCountry": "68";
    readonly "settlementInstitutionCountry": "69";
    readonly "networkManagementCode": "70";
    readonly "messageNumber": "71";
    readonly "messageNumberLast": "72";
    readonly "actionDate": "73";
    readonly "creditsNumber": "74";
    readonly "creditsReversalNumber": "75";
    readonly "debitsNumber": "76";
    readonly "debitsReversalNumber": "77";
    readonly "transferNumber": "78";
    readonly "transferReversalNumber": "79";
    readonly "inquiriesNumber": "80";
    readonly "authorisationsNumber": "81";
    readonly "creditsProcessingFee": "82";
    readonly "creditsTransactionFee": "83";
    readonly "debitsProcessingFee": "84";
    readonly "debitsTransactionFee": "85";
    readonly "creditsAmount": "86";
    readonly "creditsReversalAmount": "87";
    readonly "debitsAmount": "88";
    readonly "debitsReversalAmount": "89";
    readonly "originalDataElements": "90";
    readonly "fileUpdateCode": "91";
    readonly "fileSecurityCode": "92";
    readonly "responseIndicator": "93";
    readonly "serviceIndicator": "94";
    readonly "replacementAmounts": "95";
    readonly "messageSecurityCode": "96";
    readonly "amountNetSettlement": "97";
    readonly "payee": "98";
    readonly "settlementInstitutionId": "99";
    readonly "receivingInstitutionId": "100";
    readonly "fileName": "101";
    readonly "accountId1": "102";
    readonly "accountId2": "103";
    readonly "transactionDescription": "104";
    readonly "transactionType": "3.1";
    readonly "fromAccount": "3.2";
    readonly "toAccount": "3.3";
    readonly "messageType": "90.1";
    readonly "actualTransaction": "95.1";
    readonly "actualSettlement": "95.2";
    readonly "actualTransactionFee": "95.3";
    readonly "actualSettlementFee": "95.4";
  };
  "iso93-ascii": {
    readonly "pan": "2";
    readonly "processingCode": "3";
    readonly "amount": "4";
    readonly "amountSettlement": "5";
    readonly "amountCardholderBilling": "6";
    readonly "transmissionTime": "7";
    readonly "amountCardholderBillingFee": "8";
    readonly "conversionRateSettlement": "9";
    readonly "conversionRateBilling": "10";
    readonly "stan": "11";
    readonly "localDateAndTime": "12";
    readonly "effectiveDate": "13";
    readonly "expiry": "14";
    readonly "settlementDate": "15";
    readonly "conversionDate": "16";
    readonly "captureDate": "17";
    readonly "merchantType": "18";
    readonly "acquirerCountry": "19";
    readonly "panExtendedCountry": "20";
    readonly "forwarderCountry": "21";
    readonly "pointOfServiceDataCode": "22";
    readonly "cardSequenceNumber": "23";
    readonly "functionCode": "24";
    readonly "messageReasonCode": "25";
    readonly "mcc": "26";
    readonly "approvalCodeLength": "27";
    readonly "reconciliationDate": "28";
    readonly "reconciliationIndicator": "29";
    readonly "amountsOriginal": "30";
    readonly "acquirerReferenceData": "31";
    readonly "acquirer": "32";
    readonly "forwarder": "33";
    readonly "panExtended": "34";
    readonly "track2": "35";
    readonly "track3": "36";
    readonly "rrn": "37";
    readonly "authorisationIdResponse": "38";
    readonly "actionCode": "39";
    readonly "serviceCode": "40";
    readonly "terminal": "41";
    readonly "merchant": "42";
    readonly "cardAcceptorNameAndLocation": "43";
    readonly "additionalResponseData": "44";
    readonly "track1": "45";
    readonly "amountsFees": "46";
    readonly "additionalDataNational": "47";
    readonly "additionalDataPrivate": "48";
    readonly "currency": "49";
    readonly "currencySettlement": "50";
    readonly "currencyCardholderBilling": "51";
    readonly "pinBlock": "52";
    readonly "securityRelatedControlInformation": "53";
    readonly "additionalAmounts": "54";
    readonly "iccData": "55";
    readonly "originalDataElements": "56";
    readonly "authorisationLifeCycleCode": "57";
    readonly "authorisingAgentInstitutionId": "58";
    readonly "transportData": "59";
    readonly "amountsOriginalFees": "66";
    readonly "extendedPaymentCode": "67";
    readonly "receivingInstitutionCountry": "68";
    readonly "settlementInstitutionCountry": "69";
    readonly "authorisingAgentCountry": "70";
    readonly "messageNumber": "71";
    readonly "dataRecord": "72";
    readonly "actionDate": "73";
    readonly "creditsNumber": "74";
    readonly "creditsReversalNumber": "75";
    readonly "debitsNumber": "76";
    readonly "debitsReversalNumber": "77";
    readonly "transferNumber": "78";
    readonly "transferReversalNumber": "79";
    readonly "inquiriesNumber": "80";
    readonly "authorisationsNumber": "81";
    readonly "inquiriesReversalNumber": "82";
    readonly "paymentsNumber": "83";
    readonly "paymentsReversalNumber": "84";
    readonly "feeCollectionsNumber": "85";
    readonly "creditsAmount": "86";
    readonly "creditsReversalAmount": "87";
    readonly "debitsAmount": "88";
    readonly "debitsReversalAmount": "89";
    readonly "authorisationsReversalNumber": "90";
    readonly "transactionDestinationCountry": "91";
    readonly "transactionOriginCountry": "92";
    readonly "transactionDestinationInstitution": "93";
    readonly "transactionOriginInstitution": "94";
    readonly "cardIssuerReferenceData": "95";
    readonly "keyManagementData": "96";
    readonly "amountNetSettlement": "97";
    readonly "payee": "98";
    readonly "settlementInstitutionId": "99";
    readonly "receivingInstitutionId": "100";
    readonly "fileName": "101";
    readonly "accountId1": "102";
    readonly "accountId2": "103";
    readonly "transactionDescription": "104";
    readonly "creditsChargebackAmount": "105";
    readonly "debitsChargebackAmount": "106";
    readonly "creditsChargebackNumber": "107";
    readonly "debitsChargebackNumber": "108";
    readonly "creditsFeeAmounts": "109";
    readonly "debitsFeeAmounts": "110";
    readonly "transactionType": "3.1";
    readonly "fromAccount": "3.2";
    readonly "toAccount": "3.3";
    readonly "cardDataInputCapability": "22.1";
    readonly "cardholderAuthenticationCapability": "22.2";
    readonly "cardCaptureCapability": "22.3";
    readonly "operatingEnvironment": "22.4";
    readonly "cardholderPresent": "22.5";
    readonly "cardPresent": "22.6";
    readonly "cardDataInputMode": "22.7";
    readonly "cardholderAuthenticationMethod": "22.8";
    readonly "cardholderAuthenticationEntity": "22.9";
    readonly "cardDataOutputCapability": "22.10";
    readonly "terminalOutputCapability": "22.11";
    readonly "pinCaptureCapability": "22.12";
  };
  "iso93-bcd": {
    readonly "pan": "2";
    readonly "processingCode": "3";
    readonly "amount": "4";
    readonly "amountSettlement": "5";
    readonly "amountCardholderBilling": "6";
    readonly "transmissionTime": "7";
    readonly "amountCardholderBillingFee": "8";
    readonly "conversionRateSettlement": "9";
    readonly "conversionRateBilling": "10";
    readonly "stan": "11";
    readonly "localDateAndTime": "12";
    readonly "effectiveDate": "13";
    readonly "expiry": "14";
    readonly "settlementDate": "15";
    readonly "conversionDate": "16";
    readonly "captureDate": "17";
    readonly "merchantType": "18";
    readonly "acquirerCountry": "19";
    readonly "panExtendedCountry": "20";
    readonly "forwarderCountry": "21";
    readonly "pointOfServiceDataCode": "22";
    readonly "cardSequenceNumber": "23";
    readonly "functionCode": "24";
    readonly "messageReasonCode": "25";
    readonly "mcc": "26";
    readonly "approvalCodeLength": "27";
    readonly "reconciliationDate": "28";
    readonly "reconciliationIndicator": "29";
    readonly "amountsOriginal": "30";
    readonly "acquirerReferenceData": "31";
    readonly "acquirer": "32";
    readonly "forwarder": "33";
    readonly "panExtended": "34";
    readonly "track2": "35";
    readonly "track3": "36";
    readonly "rrn": "37";
    readonly "authorisationIdResponse": "38";
    readonly "actionCode": "39";
    readonly "serviceCode": "40";
    readonly "terminal": "41";
    readonly "merchant": "42";
    readonly "cardAcceptorNameAndLocation": "43";
    readonly "additionalResponseData": "44";
    readonly "track1": "45";
    readonly "amountsFees": "46";
    readonly "additionalDataNational": "47";
    readonly "additionalDataPrivate": "48";
    readonly "currency": "49";
    readonly "currencySettlement": "50";
    readonly "currencyCardholderBilling": "51";
    readonly "pinBlock": "52";
    readonly "securityRelatedControlInformation": "53";
    readonly "additionalAmounts": "54";
    readonly "iccData": "55";
    readonly "originalDataElements": "56";
    readonly "authorisationLifeCycleCode": "57";
    readonly "authorisingAgentInstitutionId": "58";
    readonly "transportData": "59";
    readonly "amountsOriginalFees": "66";
    readonly "extendedPaymentCode": "67";
    readonly "receivingInstitutionCountry": "68";
    readonly "settlementInstitutionCountry": "69";
    readonly "authorisingAgentCountry": "70";
    readonly "messageNumber": "71";
    readonly "dataRecord": "72";
    readonly "actionDate": "73";
    readonly "creditsNumber": "74";
    readonly "creditsReversalNumber": "75";
    readonly "debitsNumber": "76";
    readonly "debitsReversalNumber": "77";
    readonly "transferNumber": "78";
    readonly "transferReversalNumber": "79";
    readonly "inquiriesNumber": "80";
    readonly "authorisationsNumber": "81";
    readonly "inquiriesReversalNumber": "82";
    readonly "paymentsNumber": "83";
    readonly "paymentsReversalNumber": "84";
    readonly "feeCollectionsNumber": "85";
    readonly "creditsAmount": "86";
    readonly "creditsReversalAmount": "87";
    readonly "debitsAmount": "88";
    readonly "debitsReversalAmount": "89";
    readonly "authorisationsReversalNumber": "90";
    readonly "transactionDestinationCountry": "91";
    readonly "transactionOriginCountry": "92";
    readonly "transactionDestinationInstitution": "93";
    readonly "transactionOriginInstitution": "94";
    readonly "cardIssuerReferenceData": "95";
    readonly "keyManagementData": "96";
    readonly "amountNetSettlement": "97";
    readonly "payee": "98";
    readonly "settlementInstitutionId": "99";
    readonly "receivingInstitutionId": "100";
    readonly "fileName": "101";
    readonly "accountId1": "102";
    readonly "accountId2": "103";
    readonly "transactionDescription": "104";
    readonly "creditsChargebackAmount": "105";
    readonly "debitsChargebackAmount": "106";
    readonly "creditsChargebackNumber": "107";
    readonly "debitsChargebackNumber": "108";
    readonly "creditsFeeAmounts": "109";
    readonly "debitsFeeAmounts": "110";
    readonly "transactionType": "3.1";
    readonly "fromAccount": "3.2";
    readonly "toAccount": "3.3";
    readonly "cardDataInputCapability": "22.1";
    readonly "cardholderAuthenticationCapability": "22.2";
    readonly "cardCaptureCapability": "22.3";
    readonly "operatingEnvironment": "22.4";
    readonly "cardholderPresent": "22.5";
    readonly "cardPresent": "22.6";
    readonly "cardDataInputMode": "22.7";
    readonly "cardholderAuthenticationMethod": "22.8";
    readonly "cardholderAuthenticationEntity": "22.9";
    readonly "cardDataOutputCapability": "22.10";
    readonly "terminalOutputCapability": "22.11";
    readonly "pinCaptureCapability": "22.12";
  };
  "iso2003": {
    readonly "pan": "2";
    readonly "processingCode": "3";
    readonly "amount": "4";
    readonly "amountReconciliation": "5";
    readonly "amountCardholderBilling": "6";
    readonly "transmissionTime": "7";
    readonly "amountCardholderBillingFee": "8";
    readonly "conversionRateSettlement": "9";
    readonly "conversionRateBilling": "10";
    readonly "stan": "11";
    readonly "localDateAndTime": "12";
    readonly "effectiveDate": "13";
    readonly "expiry": "14";
    readonly "settlementDate": "15";
    readonly "conversionDate": "16";
    readonly "captureDate": "17";
    readonly "messageErrorIndicator": "18";
    readonly "acquirerCountry": "19";
    readonly "panExtendedCountry": "20";
    readonly "transactionLifeCycleIdentification": "21";
    readonly "pointOfServiceDataCode": "22";
    readonly "cardSequenceNumber": "23";
    readonly "functionCode": "24";
    readonly "messageReasonCode": "25";
    readonly "mcc": "26";
    readonly "pointOfServiceCapability": "27";
    readonly "reconciliationDate": "28";
    readonly "reconciliationIndicator": "29";
    readonly "amountsOriginal": "30";
    readonly "acquirerReferenceNumber": "31";
    readonly "acquirer": "32";
    readonly "forwarder": "33";
    readonly "electronicCommerceData": "34";
    readonly "track2": "35";
    readonly "track3": "36";
    readonly "rrn": "37";
    readonly "authorisationIdResponse": "38";
    readonly "actionCode": "39";
    readonly "serviceCode": "40";
    readonly "terminal": "41";
    readonly "merchant": "42";
    readonly "cardAcceptorNameAndLocation": "43";
    readonly "additionalResponseData": "44";
    readonly "track1": "45";
    readonly "amountsFees": "46";
    readonly "additionalDataNational": "47";
    readonly "additionalDataPrivate": "48";
    readonly "verificationData": "49";
    readonly "pinBlock": "52";
    readonly "securityRelatedControlInformation": "53";
    readonly "additionalAmounts": "54";
    readonly "iccData": "55";
    readonly "originalDataElements": "56";
    readonly "authorisationLifeCycleCode": "57";
    readonly "authorisingAgentInstitutionId": "58";
    readonly "transportData": "59";
    readonly "amountsOriginalFees": "66";
    readonly "extendedPaymentCode": "67";
    readonly "batchTransferControl": "68";
    readonly "batchTransferControlData": "69";
    readonly "fileTransferDescription": "70";
    readonly "dataRecord": "72";
    readonly "actionDate": "73";
    readonly "reconciliationDataPrimary": "74";
    readonly "reconciliationDataSecondary": "75";
    readonly "transactionDestinationInstitution": "93";
    readonly "transactionOriginInstitution": "94";
    readonly "cardIssuerReferenceData": "95";
    readonly "keyManagementData": "96";
    readonly "amountNetReconciliation": "97";
    readonly "payee": "98";
    readonly "settlementInstitutionId": "99";
    readonly "receivingInstitutionId": "100";
    readonly "fileName": "101";
    readonly "accountId1": "102";
    readonly "accountId2": "103";
    readonly "transactionSpecificData": "104";
    readonly "reconciliationFeeAmountsCredit": "109";
    readonly "reconciliationFeeAmountsDebit": "110";
    readonly "customerAndSalePrivate": "113";
    readonly "supportIndicator": "21.1";
    readonly "traceIdentifier": "21.2";
    readonly "sequenceNumber": "21.3";
    readonly "authenticationToken": "21.4";
    readonly "cardReadingAndVerification": "27.1";
    readonly "approvalCodeLength": "27.2";
    readonly "cardholderReceiptLength": "27.3";
    readonly "cardAcceptorReceiptLength": "27.4";
    readonly "cardholderDisplayLength": "27.5";
    readonly "cardAcceptorDisplayLength": "27.6";
    readonly "iccScriptLength": "27.7";
    readonly "track3RewriteCapability": "27.8";
    readonly "cardCaptureCapability": "27.9";
    readonly "pinInputLength": "27.10";
    readonly "replacementAmount": "30.1";
    readonly "replacementReconciliationAmount": "30.2";
    readonly "authenticationData": "34.01";
    readonly "cardAcceptorName": "43.2";
    readonly "streetAddress": "43.3";
    readonly "stateProvinceOrRegion": "43.5";
    readonly "customerServiceTelephoneNumber": "43.9";
    readonly "additionalContactInformation": "43.10";
    readonly "internetAddress": "43.11";
    readonly "additionalIdentificationType": "49.1";
    readonly "cardVerificationData": "49.2";
    readonly "billingAddressCompressed": "49.3";
    readonly "billingPostalCode": "49.4";
    readonly "billingStreetAddress": "49.5";
    readonly "addressVerificationResult": "49.6";
    readonly "creditsAmount": "74.1";
    readonly "creditsNumber": "74.2";
    readonly "creditsChargebackAmount": "74.3";
    readonly "creditsChargebackNumber": "74.4";
    readonly "creditsReversalAmount": "74.5";
    readonly "creditsReversalNumber": "74.6";
    readonly "debitsAmount": "74.7";
    readonly "debitsNumber": "74.8";
    readonly "debitsChargebackAmount": "74.9";
    readonly "debitsChargebackNumber": "74.10";
    readonly "debitsReversalAmount": "74.11";
    readonly "debitsReversalNumber": "74.12";
    readonly "formatVersion": "113.2";
    readonly "firstName": "113.3";
    readonly "middleName": "113.4";
    readonly "lastName": "113.5";
    readonly "secondLastName": "113.6";
    readonly "statusFlags": "113.8";
    readonly "honorific": "113.9";
    readonly "gender": "113.10";
    readonly "addressLine1": "113.11";
    readonly "addressLine2": "113.12";
    readonly "state": "113.14";
    readonly "notes": "113.18";
    readonly "dates": "113.19";
    readonly "otherCustomerIdentifier": "113.20";
    readonly "cardProduct": "113.21";
    readonly "uniqueIdentifiers": "113.22";
    readonly "socialSecurityNumber": "113.23";
    readonly "instalments": "113.24";
    readonly "networkName": "113.25";
    readonly "deviceIdentifier": "113.26";
    readonly "geolocation": "113.27";
    readonly "cardholderIdentificationData": "113.28";
    readonly "invoice": "113.29";
    readonly "presentmentsInAll": "113.30";
    readonly "presentmentSequenceNumber": "113.31";
    readonly "interchangeFee": "113.32";
    readonly "resultCodeOfTheOtherSide": "113.39";
    readonly "newPinBlock": "113.52";
    readonly "keySerialNumberOfTheNewPinBlock": "113.53";
    readonly "applicationLabel": "34.01.50";
    readonly "track1EquivalentData": "34.01.56";
    readonly "track2EquivalentData": "34.01.57";
    readonly "issuerScriptTemplate1": "34.01.71";
    readonly "issuerScriptTemplate2": "34.01.72";
    readonly "applicationInterchangeProfile": "34.01.82";
    readonly "dedicatedFileName": "34.01.84";
    readonly "issuerAuthenticationData": "34.01.91";
    readonly "terminalVerificationResults": "34.01.95";
    readonly "applicationIdentifierCard": "34.01.4F";
    readonly "applicationPan": "34.01.5A";
    readonly "cardholderName": "34.01.5F20";
    readonly "applicationExpirationDate": "34.01.5F24";
    readonly "applicationEffectiveDate": "34.01.5F25";
    readonly "issuerCountryCode": "34.01.5F28";
    readonly "transactionCurrencyCode": "34.01.5F2A";
    readonly "panSequenceNumber": "34.01.5F34";
    readonly "transactionCurrencyExponent": "34.01.5F36";
    readonly "authorisationResponseCode": "34.01.8A";
    readonly "cardholderVerificationMethodList": "34.01.8E";
    readonly "transactionDate": "34.01.9A";
    readonly "transactionStatusInformation": "34.01.9B";
    readonly "transactionType": "34.01.9C";
    readonly "amountAuthorised": "34.01.9F02";
    readonly "amountOther": "34.01.9F03";
    readonly "applicationIdentifierTerminal": "34.01.9F06";
    readonly "applicationUsageControl": "34.01.9F07";
    readonly "applicationVersionNumberCard": "34.01.9F08";
    readonly "applicationVersionNumberTerminal": "34.01.9F09";
    readonly "issuerActionCodeDefault": "34.01.9F0D";
    readonly "issuerActionCodeDenial": "34.01.9F0E";
    readonly "issuerActionCodeOnline": "34.01.9F0F";
    readonly "issuerApplicationData": "34.01.9F10";
    readonly "issuerCodeTableIndex": "34.01.9F11";
    readonly "applicationPreferredName": "34.01.9F12";
    readonly "tokenRequestorId": "34.01.9F19";
    readonly "terminalCountryCode": "34.01.9F1A";
    readonly "interfaceDeviceSerialNumber": "34.01.9F1E";
    readonly "track1DiscretionaryData": "34.01.9F1F";
    readonly "track2DiscretionaryData": "34.01.9F20";
    readonly "transactionTime": "34.01.9F21";
    readonly "paymentAccountReference": "34.01.9F24";
    readonly "lastFourDigitsOfPan": "34.01.9F25";
    readonly "applicationCryptogram": "34.01.9F26";
    readonly "cryptogramInformationData": "34.01.9F27";
    readonly "terminalCapabilities": "34.01.9F33";
    readonly "cardholderVerificationResults": "34.01.9F34";
    readonly "terminalType": "34.01.9F35";
    readonly "applicationTransactionCounter": "34.01.9F36";
    readonly "unpredictableNumber": "34.01.9F37";
    readonly "transactionSequenceCounter": "34.01.9F41";
    readonly "merchantNameAndLocation": "34.01.9F4E";
    readonly "transactionCategoryCode": "34.01.9F53";
    readonly "issuerScriptResults": "34.01.9F5B";
    readonly "track2DataContactless": "34.01.9F6B";
    readonly "formFactorIndicator": "34.01.9F6E";
    readonly "customerExclusiveData": "34.01.9F7C";
  };
  "mc-style": {
    readonly "pan": "2";
    readonly "processingCode": "3";
    readonly "amount": "4";
    readonly "amountSettlement": "5";
    readonly "amountCardholderBilling": "6";
    readonly "transmissionTime": "7";
    readonly "amountCardholderBillingFee": "8";
    readonly "conversionRateSettlement": "9";
    readonly "conversionRateBilling": "10";
    readonly "stan": "11";
    readonly "localTime": "12";
    readonly "localDate": "13";
    readonly "expiry": "14";
    readonly "settlementDate": "15";
    readonly "conversionDate": "16";
    readonly "captureDate": "17";
    readonly "mcc": "18";
    readonly "acquirerCountry": "19";
    readonly "panExtendedCountry": "20";
    readonly "forwarderCountry": "21";
    readonly "posEntryMode": "22";
    readonly "cardSequenceNumber": "23";
    readonly "networkInternationalId": "24";
    readonly "posConditionCode": "25";
    readonly "pinCaptureCode": "26";
    readonly "authorisationIdResponseLength": "27";
    readonly "amountTransactionFee": "28";
    readonly "amountSettlementFee": "29";
    readonly "amountTransactionProcessingFee": "30";
    readonly "amountSettlementProcessingFee": "31";
    readonly "acquirer": "32";
    readonly "forwarder": "33";
    readonly "panExtended": "34";
    readonly "track2": "35";
    readonly "track3": "36";
    readonly "rrn": "37";
    readonly "authorisationIdResponse": "38";
    readonly "responseCode": "39";
    readonly "serviceRestrictionCode": "40";
    readonly "terminal": "41";
    readonly "merchant": "42";
    readonly "cardAcceptorNameAndLocation": "43";
    readonly "additionalResponseData": "44";
    readonly "track1": "45";
    readonly "additionalDataIso": "46";
    readonly "additionalDataNational": "47";
    readonly "additionalDataPrivate": "48";
    readonly "currency": "49";
    readonly "currencySettlement": "50";
    readonly "currencyCardholderBilling": "51";
    readonly "pinBlock": "52";
    readonly "securityControlInformation": "53";
    readonly "additionalAmounts": "54";
    readonly "iccData": "55";
    readonly "settlementCode": "66";
    readonly "extendedPaymentCode": "67";
    readonly "receivingInstitutionCountry": "68";
    readonly "settlementInstitutionCountry": "69";
    readonly "networkManagementCode": "70";
    readonly "messageNumber": "71";
    readonly "messageNumberLast": "72";
    readonly "actionDate": "73";
    readonly "creditsNumber": "74";
    readonly "creditsReversalNumber": "75";
    readonly "debitsNumber": "76";
    readonly "debitsReversalNumber": "77";
    readonly "transferNumber": "78";
    readonly "transferReversalNumber": "79";
    readonly "inquiriesNumber": "80";
    readonly "authorisationsNumber": "81";
    readonly "creditsProcessingFee": "82";
    readonly "creditsTransactionFee": "83";
    readonly "debitsProcessingFee": "84";
    readonly "debitsTransactionFee": "85";
    readonly "creditsAmount": "86";
    readonly "creditsReversalAmount": "87";
    readonly "debitsAmount": "88";
    readonly "debitsReversalAmount": "89";
    readonly "originalDataElements": "90";
    readonly "fileUpdateCode": "91";
    readonly "fileSecurityCode": "92";
    readonly "responseIndicator": "93";
    readonly "serviceIndicator": "94";
    readonly "replacementAmounts": "95";
    readonly "messageSecurityCode": "96";
    readonly "amountNetSettlement": "97";
    readonly "payee": "98";
    readonly "settlementInstitutionId": "99";
    readonly "receivingInstitutionId": "100";
    readonly "fileName": "101";
    readonly "accountId1": "102";
    readonly "accountId2": "103";
    readonly "transactionDescription": "104";
    readonly "tokenForm": "124";
    readonly "transactionType": "3.1";
    readonly "fromAccount": "3.2";
    readonly "toAccount": "3.3";
    readonly "entryMode": "22.1";
    readonly "pinCapability": "22.2";
    readonly "name": "43.1";
    readonly "city": "43.3";
    readonly "country": "43.5";
    readonly "subFieldsOfTheTransaction": "48.22";
    readonly "channelAndDeviceType": "48.23";
    readonly "walletProgram": "48.26";
    readonly "tokenTransactionId": "48.30";
    readonly "assignedId": "48.32";
    readonly "panMapping": "48.33";
    readonly "eCommerceIndicatorAndSecurityLevel": "48.42";
    readonly "universalCardholderAuthentication": "48.43";
    readonly "traceId": "48.63";
    readonly "authenticationData": "48.66";
    readonly "onBehalfServices": "48.71";
    readonly "additionalProcessing": "48.74";
    readonly "fraudScoring": "48.75";
    readonly "merchantAdvice": "48.84";
    readonly "cardVerificationCode": "48.92";
    readonly "messageType": "90.1";
    readonly "actualTransaction": "95.1";
    readonly "actualSettlement": "95.2";
    readonly "actualTransactionFee": "95.3";
    readonly "actualSettlementFee": "95.4";
    readonly "type": "124.1";
    readonly "correlationId": "124.2";
    readonly "form": "124.3";
    readonly "accountType": "48.33.01";
    readonly "tokenPan": "48.33.02";
    readonly "tokenExpiry": "48.33.03";
    readonly "tokenRequestorId": "48.33.06";
    readonly "assuranceAndStorage": "48.33.08";
  };
  "visa-style": {
    readonly "pan": "2";
    readonly "processingCode": "3";
    readonly "amount": "4";
    readonly "amountSettlement": "5";
    readonly "amountCardholderBilling": "6";
    readonly "transmissionTime": "7";
    readonly "amountCardholderBillingFee": "8";
    readonly "conversionRateSettlement": "9";
    readonly "conversionRateBilling": "10";
    readonly "stan": "11";
    readonly "localTime": "12";
    readonly "localDate": "13";
    readonly "expiry": "14";
    readonly "settlementDate": "15";
    readonly "conversionDate": "16";
    readonly "captureDate": "17";
    readonly "mcc": "18";
    readonly "acquirerCountry": "19";
    readonly "panExtendedCountry": "20";
    readonly "forwarderCountry": "21";
    readonly "posEntryMode": "22";
    readonly "cardSequenceNumber": "23";
    readonly "networkInternationalId": "24";
    readonly "posConditionCode": "25";
    readonly "pinCaptureCode": "26";
    readonly "authorisationIdResponseLength": "27";
    readonly "amountTransactionFee": "28";
    readonly "amountSettlementFee": "29";
    readonly "amountTransactionProcessingFee": "30";
    readonly "amountSettlementProcessingFee": "31";
    readonly "acquirer": "32";
    readonly "forwarder": "33";
    readonly "electronicCommerceData": "34";
    readonly "track2": "35";
    readonly "track3": "36";
    readonly "rrn": "37";
    readonly "authorisationIdResponse": "38";
    readonly "responseCode": "39";
    readonly "serviceRestrictionCode": "40";
    readonly "terminal": "41";
    readonly "merchant": "42";
    readonly "cardAcceptorNameAndLocation": "43";
    readonly "additionalResponseData": "44";
    readonly "track1": "45";
    readonly "additionalDataIso": "46";
    readonly "additionalDataNational": "47";
    readonly "additionalDataPrivate": "48";
    readonly "currency": "49";
    readonly "currencySettlement": "50";
    readonly "currencyCardholderBilling": "51";
    readonly "pinBlock": "52";
    readonly "securityControlInformation": "53";
    readonly "additionalAmounts": "54";
    readonly "iccData": "55";
    readonly "pointOfServiceGeography": "59";
    readonly "additionalPosData": "60";
    readonly "otherAmounts": "61";
    readonly "paymentServiceFields": "62";
    readonly "settlementCode": "66";
    readonly "extendedPaymentCode": "67";
    readonly "receivingInstitutionCountry": "68";
    readonly "settlementInstitutionCountry": "69";
    readonly "networkManagementCode": "70";
    readonly "messageNumber": "71";
    readonly "messageNumberLast": "72";
    readonly "actionDate": "73";
    readonly "creditsNumber": "74";
    readonly "creditsReversalNumber": "75";
    readonly "debitsNumber": "76";
    readonly "debitsReversalNumber": "77";
    readonly "transferNumber": "78";
    readonly "transferReversalNumber": "79";
    readonly "inquiriesNumber": "80";
    readonly "authorisationsNumber": "81";
    readonly "creditsProcessingFee": "82";
    readonly "creditsTransactionFee": "83";
    readonly "debitsProcessingFee": "84";
    readonly "debitsTransactionFee": "85";
    readonly "creditsAmount": "86";
    readonly "creditsReversalAmount": "87";
    readonly "debitsAmount": "88";
    readonly "debitsReversalAmount": "89";
    readonly "originalDataElements": "90";
    readonly "fileUpdateCode": "91";
    readonly "fileSecurityCode": "92";
    readonly "responseIndicator": "93";
    readonly "serviceIndicator": "94";
    readonly "replacementAmounts": "95";
    readonly "messageSecurityCode": "96";
    readonly "amountNetSettlement": "97";
    readonly "payee": "98";
    readonly "settlementInstitutionId": "99";
    readonly "receivingInstitutionId": "100";
    readonly "fileName": "101";
    readonly "accountId1": "102";
    readonly "accountId2": "103";
    readonly "transactionSpecificData": "104";
    readonly "verificationAndTokenData": "123";
    readonly "supportingInformation": "125";
    readonly "fileRecords": "127";
    readonly "terminalCapabilityProfile": "130";
    readonly "terminalVerificationResults": "131";
    readonly "unpredictableNumber": "132";
    readonly "applicationCryptogram": "136";
    readonly "applicationTransactionCounter": "137";
    readonly "applicationInterchangeProfile": "138";
    readonly "issuerAuthenticationData": "140";
    readonly "cryptogramAmount": "147";
    readonly "cryptogramCurrency": "148";
    readonly "transactionType": "3.1";
    readonly "fromAccount": "3.2";
    readonly "toAccount": "3.3";
    readonly "responseSource": "44.1";
    readonly "addressVerificationResult": "44.2";
    readonly "telecommunicationsResult": "44.3";
    readonly "cardVerificationResult": "44.5";
    readonly "pacmDiversionLevel": "44.6";
    readonly "pacmDiversionReason": "44.7";
    readonly "cardAuthenticationResult": "44.8";
    readonly "secondVerificationResult": "44.10";
    readonly "originalResponse": "44.11";
    readonly "checkSettlement": "44.12";
    readonly "authenticationValueResult": "44.13";
    readonly "state": "59.1";
    readonly "county": "59.2";
    readonly "postalCode": "59.3";
    readonly "authorisationCharacteristics": "62.1";
    readonly "validationCode": "62.3";
    readonly "marketData": "62.4";
    readonly "duration": "62.5";
    readonly "productId": "62.23";
    readonly "networkId": "63.1";
    readonly "timeLimit": "63.2";
    readonly "messageReasonCode": "63.3";
    readonly "switchReasonCode": "63.4";
    readonly "settlementFlag": "63.5";
    readonly "verificationData": "123.66";
    readonly "tokenData": "123.68";
    readonly "requestorData": "123.69";
    readonly "cardVerificationCertificate": "126.6";
    readonly "cardholderAuthenticationValue": "126.9";
    readonly "cardVerificationValue": "126.10";
    readonly "pointOfServiceEnvironment": "126.13";
    readonly "authenticationIndicator": "126.20";
    readonly "street": "123.66.CF";
    readonly "token": "123.68.01";
    readonly "tokenAssurance": "123.68.02";
    readonly "tokenRequestorId": "123.68.03";
    readonly "accountNumberRangeStart": "123.68.04";
    readonly "tokenExpiry": "123.68.06";
    readonly "tokenType": "123.68.07";
    readonly "tokenStatus": "123.68.08";
    readonly "tokenReference": "123.68.0B";
    readonly "deviceType": "123.69.01";
    readonly "deviceLanguage": "123.69.02";
    readonly "deviceName": "123.69.04";
    readonly "walletAccount": "123.69.05";
  };
  "postilion-style": {
    readonly "pan": "2";
    readonly "processingCode": "3";
    readonly "amount": "4";
    readonly "amountSettlement": "5";
    readonly "amountCardholderBilling": "6";
    readonly "transmissionTime": "7";
    readonly "amountCardholderBillingFee": "8";
    readonly "conversionRateSettlement": "9";
    readonly "conversionRateBilling": "10";
    readonly "stan": "11";
    readonly "localTime": "12";
    readonly "localDate": "13";
    readonly "expiry": "14";
    readonly "settlementDate": "15";
    readonly "conversionDate": "16";
    readonly "captureDate": "17";
    readonly "mcc": "18";
    readonly "acquirerCountry": "19";
    readonly "panExtendedCountry": "20";
    readonly "forwarderCountry": "21";
    readonly "posEntryMode": "22";
    readonly "cardSequenceNumber": "23";
    readonly "networkInternationalId": "24";
    readonly "posConditionCode": "25";
    readonly "pinCaptureCode": "26";
    readonly "authorisationIdResponseLength": "27";
    readonly "amountTransactionFee": "28";
    readonly "amountSettlementFee": "29";
    readonly "amountTransactionProcessingFee": "30";
    readonly "amountSettlementProcessingFee": "31";
    readonly "acquirer": "32";
    readonly "forwarder": "33";
    readonly "panExtended": "34";
    readonly "track2": "35";
    readonly "track3": "36";
    readonly "rrn": "37";
    readonly "authorisationIdResponse": "38";
    readonly "responseCode": "39";
    readonly "serviceRestrictionCode": "40";
    readonly "terminal": "41";
    readonly "merchant": "42";
    readonly "cardAcceptorNameAndLocation": "43";
    readonly "additionalResponseData": "44";
    readonly "track1": "45";
    readonly "additionalDataIso": "46";
    readonly "additionalDataNational": "47";
    readonly "additionalDataPrivate": "48";
    readonly "currency": "49";
    readonly "currencySettlement": "50";
    readonly "currencyCardholderBilling": "51";
    readonly "pinBlock": "52";
    readonly "securityControlInformation": "53";
    readonly "additionalAmounts": "54";
    readonly "iccData": "55";
    readonly "messageReasonCode": "56";
    readonly "echoData": "59";
    readonly "settlementCode": "66";
    readonly "extendedPaymentCode": "67";
    readonly "receivingInstitutionCountry": "68";
    readonly "settlementInstitutionCountry": "69";
    readonly "networkManagementCode": "70";
    readonly "messageNumber": "71";
    readonly "messageNumberLast": "72";
    readonly "actionDate": "73";
    readonly "creditsNumber": "74";
    readonly "creditsReversalNumber": "75";
    readonly "debitsNumber": "76";
    readonly "debitsReversalNumber": "77";
    readonly "transferNumber": "78";
    readonly "transferReversalNumber": "79";
    readonly "inquiriesNumber": "80";
    readonly "authorisationsNumber": "81";
    readonly "creditsProcessingFee": "82";
    readonly "creditsTransactionFee": "83";
    readonly "debitsProcessingFee": "84";
    readonly "debitsTransactionFee": "85";
    readonly "creditsAmount": "86";
    readonly "creditsReversalAmount": "87";
    readonly "debitsAmount": "88";
    readonly "debitsReversalAmount": "89";
    readonly "originalDataElements": "90";
    readonly "fileUpdateCode": "91";
    readonly "fileSecurityCode": "92";
    readonly "responseIndicator": "93";
    readonly "serviceIndicator": "94";
    readonly "replacementAmounts": "95";
    readonly "messageSecurityCode": "96";
    readonly "amountNetSettlement": "97";
    readonly "payee": "98";
    readonly "settlementInstitutionId": "99";
    readonly "receivingInstitutionId": "100";
    readonly "fileName": "101";
    readonly "accountId1": "102";
    readonly "accountId2": "103";
    readonly "transactionDescription": "104";
    readonly "switchData": "127";
    readonly "transactionType": "3.1";
    readonly "fromAccount": "3.2";
    readonly "toAccount": "3.3";
    readonly "entryMode": "22.1";
    readonly "pinCapability": "22.2";
    readonly "messageType": "90.1";
    readonly "actualTransaction": "95.1";
    readonly "actualSettlement": "95.2";
    readonly "actualTransactionFee": "95.3";
    readonly "actualSettlementFee": "95.4";
    readonly "switchKey": "127.2";
    readonly "routingInformation": "127.3";
    readonly "posData": "127.4";
    readonly "serviceStationData": "127.5";
    readonly "authorisationProfile": "127.6";
    readonly "checkData": "127.7";
    readonly "retentionData": "127.8";
    readonly "additionalNodeData": "127.9";
    readonly "cardVerificationValue": "127.10";
    readonly "originalKey": "127.11";
    readonly "terminalOwner": "127.12";
    readonly "posGeographicData": "127.13";
    readonly "sponsorBank": "127.14";
    readonly "addressVerificationData": "127.15";
    readonly "addressVerificationResult": "127.16";
    readonly "cardholderInformation": "127.17";
    readonly "validationData": "127.18";
    readonly "bankDetails": "127.19";
    readonly "originatorDateOfSettlement": "127.20";
    readonly "authoriserDateOfSettlement": "127.21";
    readonly "structuredData": "127.22";
    readonly "originalNode": "127.26";
    readonly "cardVerificationResult": "127.27";
    readonly "americanExpressCardIdentifier": "127.28";
    readonly "3dSecureData": "127.29";
    readonly "3dSecureResult": "127.30";
    readonly "issuerNetworkId": "127.31";
    readonly "extendedTransactionType": "127.33";
    readonly "originalResponseCode": "127.39";
    readonly "amountAuthorised": "127.25.2";
    readonly "amountOther": "127.25.3";
    readonly "applicationId": "127.25.4";
    readonly "applicationInterchangeProfile": "127.25.5";
    readonly "applicationTransactionCounter": "127.25.6";
    readonly "applicationUsageControl": "127.25.7";
    readonly "authorisationResponseCode": "127.25.8";
    readonly "cardAuthenticationReliability": "127.25.9";
    readonly "cardAuthenticationResults": "127.25.10";
    readonly "chipConditionCode": "127.25.11";
    readonly "cryptogram": "127.25.12";
    readonly "cryptogramInformationData": "127.25.13";
    readonly "cvmList": "127.25.14";
    readonly "cvmResults": "127.25.15";
    readonly "interfaceDeviceSerialNumber": "127.25.16";
    readonly "issuerActionCode": "127.25.17";
    readonly "issuerApplicationData": "127.25.18";
    readonly "issuerScriptResults": "127.25.19";
    readonly "terminalApplicationVersion": "127.25.20";
    readonly "terminalCapabilities": "127.25.21";
    readonly "terminalCountryCode": "127.25.22";
    readonly "terminalType": "127.25.23";
    readonly "terminalVerificationResults": "127.25.24";
    readonly "transactionCategoryCode": "127.25.25";
    readonly "transactionCurrencyCode": "127.25.26";
    readonly "transactionDate": "127.25.27";
    readonly "transactionSequenceCounter": "127.25.28";
    readonly "unpredictableNumber": "127.25.30";
    readonly "issuerAuthenticationData": "127.25.31";
  };
  "base24-style": {
    readonly "pan": "2";
    readonly "processingCode": "3";
    readonly "amount": "4";
    readonly "amountSettlement": "5";
    readonly "amountCardholderBilling": "6";
    readonly "transmissionTime": "7";
    readonly "amountCardholderBillingFee": "8";
    readonly "conversionRateSettlement": "9";
    readonly "conversionRateBilling": "10";
    readonly "stan": "11";
    readonly "localTime": "12";
    readonly "localDate": "13";
    readonly "expiry": "14";
    readonly "settlementDate": "15";
    readonly "conversionDate": "16";
    readonly "captureDate": "17";
    readonly "mcc": "18";
    readonly "acquirerCountry": "19";
    readonly "panExtendedCountry": "20";
    readonly "forwarderCountry": "21";
    readonly "posEntryMode": "22";
    readonly "cardSequenceNumber": "23";
    readonly "networkInternationalId": "24";
    readonly "posConditionCode": "25";
    readonly "pinCaptureCode": "26";
    readonly "authorisationIdResponseLength": "27";
    readonly "amountTransactionFee": "28";
    readonly "amountSettlementFee": "29";
    readonly "amountTransactionProcessingFee": "30";
    readonly "amountSettlementProcessingFee": "31";
    readonly "acquirer": "32";
    readonly "forwarder": "33";
    readonly "panExtended": "34";
    readonly "track2": "35";
    readonly "track3": "36";
    readonly "rrn": "37";
    readonly "authorisationIdResponse": "38";
    readonly "responseCode": "39";
    readonly "serviceRestrictionCode": "40";
    readonly "terminal": "41";
    readonly "merchant": "42";
    readonly "cardAcceptorNameAndLocation": "43";
    readonly "additionalResponseData": "44";
    readonly "track1": "45";
    readonly "additionalDataIso": "46";
    readonly "additionalDataNational": "47";
    readonly "additionalDataPrivate": "48";
    readonly "currency": "49";
    readonly "currencySettlement": "50";
    readonly "currencyCardholderBilling": "51";
    readonly "pinBlock": "52";
    readonly "securityControlInformation": "53";
    readonly "additionalAmounts": "54";
    readonly "iccData": "55";
    readonly "settlementCode": "66";
    readonly "extendedPaymentCode": "67";
    readonly "receivingInstitutionCountry": "68";
    readonly "settlementInstitutionCountry": "69";
    readonly "networkManagementCode": "70";
    readonly "messageNumber": "71";
    readonly "messageNumberLast": "72";
    readonly "actionDate": "73";
    readonly "creditsNumber": "74";
    readonly "creditsReversalNumber": "75";
    readonly "debitsNumber": "76";
    readonly "debitsReversalNumber": "77";
    readonly "transferNumber": "78";
    readonly "transferReversalNumber": "79";
    readonly "inquiriesNumber": "80";
    readonly "authorisationsNumber": "81";
    readonly "creditsProcessingFee": "82";
    readonly "creditsTransactionFee": "83";
    readonly "debitsProcessingFee": "84";
    readonly "debitsTransactionFee": "85";
    readonly "creditsAmount": "86";
    readonly "creditsReversalAmount": "87";
    readonly "debitsAmount": "88";
    readonly "debitsReversalAmount": "89";
    readonly "originalDataElements": "90";
    readonly "fileUpdateCode": "91";
    readonly "fileSecurityCode": "92";
    readonly "responseIndicator": "93";
    readonly "serviceIndicator": "94";
    readonly "replacementAmounts": "95";
    readonly "messageSecurityCode": "96";
    readonly "amountNetSettlement": "97";
    readonly "payee": "98";
    readonly "settlementInstitutionId": "99";
    readonly "receivingInstitutionId": "100";
    readonly "fileName": "101";
    readonly "accountId1": "102";
    readonly "accountId2": "103";
    readonly "transactionDescription": "104";
    readonly "transactionType": "3.1";
    readonly "fromAccount": "3.2";
    readonly "toAccount": "3.3";
    readonly "entryMode": "22.1";
    readonly "pinCapability": "22.2";
    readonly "messageType": "90.1";
    readonly "actualTransaction": "95.1";
    readonly "actualSettlement": "95.2";
    readonly "actualTransactionFee": "95.3";
    readonly "actualSettlementFee": "95.4";
  };
}
