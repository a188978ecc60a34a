/* The rules for what ends a sentence in one language or script and not in another: abbreviations, marks, numbers. */
#include "unit/segmenter_test.h"

static void abbreviations_and_initials_of_latin_scripts(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"en", " ", "Dr. Hale met Mrs. J. P. Lund at 9 a.m. on Monday.|The U.S. Senate did not vote.|It never does."},
        {"en", " ", "Prices rose by 3.5 per cent, i.e. more than in the U.K. last year.|Acme Inc. denied it."},
        {"en", " ",
         "See www.example.org/a.b?c=1.|Then call.|Really?!|Yes...|Perhaps not, I ... well.|(He left early.)|Nobody "
         "knew."},
        {"de", " ", "Am 5. Mai kam Dr. Weber in den 3. Stock.|Dort wartete z. B. niemand.|Das war bzw. blieb so."},
        {"de", " ", "„Wo bist du?“, fragte sie.|„Hier.“|Er lachte."},
        {"nl", " ", "De heer Jansen e.a. kwamen o.a. uit Gent.|Zij bleven d.w.z. niet lang weg.|Niemand belde."},
        {"sv", " ", "Han kom kl. 9 och åt bl.a. fisk.|Sedan sa hon nej.|Det var allt."},
        {"da", " ", "Den 5. maj rejste hr. Holm til f.eks. Odense.|Han blev der."},
        {"nb", " ", "Møtet den 3. juni kostet ca. 500 kroner.|Ingen kom."},
        {"is", " ", "Hr. Jónsson kom 5. maí og fór t.d. heim.|Enginn vissi það."},
        {"fi", " ", "Kokous pidettiin 5. toukokuuta klo 10.|Paikalla oli esim. prof. Virta.|Muut eivät tulleet."},
        {"et", " ", "Kohtumine oli 5. mail kell 10.|Kohal oli nt. dr. Tamm.|Teised ei tulnud."},
        {"lv", " ", "Sanāksme notika 5. maijā plkst. 10 Rīgā.|Piedalījās arī prof. Ozols.|Citi neatnāca."},
        {"lt", " ",
         "Susitikimas įvyko 2019 m. gegužės 5 d. prie Vilniaus.|Dalyvavo ir prof. Kazlauskas.|Kiti neatvyko."},
        {"fr", " ",
         "M. Dupont et Mme Roy sont arrivés à 9 h. 30.|« Où êtes-vous ? » demanda-t-il.|Personne ne répondit."},
        {"es", " ", "El Sr. Vega llegó a las 9.30 con la Dra. Luna.|¿Y ahora?|¡Nada!|Todo siguió igual."},
        {"pt", " ", "O Sr. Rocha pagou 1.500 reais ao Dr. Melo.|Depois saiu.|Ninguém viu."},
        {"it", " ", "L'avv. Conti ha citato l'art. 12 del codice.|Poi è uscito.|\"Chi è?\" chiese il sig. Riva."},
        {"fr", " ", "L'O.N.U. et l'U.E. ont signé, c.-à-d. qu'elles paient.|C'est fait."},
        {"en", " ", "There is no plan B.|Captain B. Hale was told.|Trains left from gate C.."},
        {"ca", " ", "El Sr. Puig va arribar a les 9.30.|Després va marxar.|Ningú no ho va veure."},
        {"gl", " ", "O Sr. Souto chegou ás 9.30.|Despois marchou.|Ninguén o viu."},
        {"ro", " ", "Dl. Popa a citat art. 5 din lege.|Apoi a plecat.|Nimeni nu l-a văzut."},
        {"pl", " ", "W 1998 r. prof. Nowak mieszkał przy ul. Długiej 5.|Potem wyjechał, tj. uciekł.|Nikt nie pytał."},
        {"cs", " ", "Dne 5. května přijel Ing. Novák, tzv. zachránce.|Bylo to např. ve středu.|Nikdo nečekal."},
        {"sk", " ", "Dňa 5. mája prišiel Ing. Kováč, tzv. záchranca.|Nikto nečakal."},
        {"sl", " ", "Dne 5. maja je prišel dr. Kranjc, npr. z vlakom.|Nihče ni čakal."},
        {"hr", " ", "Dana 5. svibnja stigao je dr. Horvat, tj. njihov sin.|Nitko nije čekao."},
        {"hu", " ", "Május 5. napján jött dr. Kiss és II. János unokája.|Senki sem várta."},
        {"eu", " ", "Maiatzaren 5. egunean dr. Etxeberria iritsi zen.|Inor ez zegoen."},
        {"tr", " ", "Prof. Dr. Yılmaz saat 9.30'da geldi.|Kimse yok mu?|Kimse beklemiyordu."},
        {"vi", " ", "Ông Nam sống ở TP. Huế từ năm 1990.|Không ai biết điều đó."},
        {"id", " ", "Dr. Hadi tinggal di Jl. Melati No. 5 sejak lama.|Tidak ada yang tahu."},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void cyrillic_and_greek(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"bg", " ", "През 1996 г. г-н Петров живееше на ул. Раковски 5.|Плати 25 лв. и т.н.|Никой не го видя."},
        {"bg", " ", "Родил се е в гр. София през 1970 г.|Кметът мълчи.|– Къде си? – попита тя."},
        {"ru", " ", "В 1998 г. проф. А. С. Орлов жил на ул. Садовой, т. е. в центре.|Потом уехал.|Никто не спросил."},
        {"ru", " ", "«Где ты? – спросила она. – Мы ждём».|Он молчал.|Так прошло 5 тыс. дней."},
        {"uk", " ", "У 1998 р. проф. Коваль мешкав на вул. Садовій, тобто в центрі.|Потім поїхав."},
        {"be", " ", "У 1998 г. праф. Каваль жыў на вул. Садовай.|Потым паехаў."},
        {"mk", " ", "Во 1998 г. проф. Петров живееше на ул. Илинденска.|Потоа замина."},
        {"sr-Latn", " ", "Rođen je 5. Maja 1950. u ul. Kneza Miloša.|Otišao je kasno."},
        {"sr-Cyrl", " ", "Године 1998. проф. Јовић је живео у ул. Кнеза Милоша, тј. у центру.|Отишао је касно."},
        {"kk", " ", "Ол 1998 ж. қыркүйекте көшті.|Кейін кетті.|Ешкім сұрамады."},
        {"el", " ", "Ο κ. Παππάς ήρθε στις 9.30.|Πού ήταν;|Κανείς δεν ξέρει, π.χ. εγώ."},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void marks_of_other_scripts(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"hy", " ", "Նա եկավ ժամը 9.30-ին:|Ո՞վ էր նա:|Ոչ ոք չգիտեր։"},
        {"ka", " ", "ის 9.30-ზე მოვიდა.|ვინ იყო?|არავინ იცოდა."},
        {"he", " ", "הוא שילם 30 ש\"ח ויצא.|מי זה היה?|איש לא ידע."},
        {"ar", " ", "وصل في الساعة 9.30 صباحا.|من هو؟|لا أحد يعرف."},
        {"fa", " ", "او ساعت ۹ رسید.|چه کسی بود؟|هیچ‌کس نمی‌دانست."},
        {"ur", " ", "وہ نو بجے پہنچا۔|وہ کون تھا؟|کسی کو معلوم نہ تھا۔"},
        {"hi", " ", "डॉ. शर्मा नौ बजे आए।|वे कौन थे?|किसी को पता नहीं था।"},
        {"bn", " ", "ডা. রায় নয়টায় এলেন।|তিনি কে?|কেউ জানত না।"},
        {"mr", " ", "\"तू कुठे आहेस?\" ती म्हणाली.|तो गप्प बसला."},
        {"gu", " ", "આ પુલ જૂનો છે.|કે. પી. રાવ આવ્યા છે.|તે સુંદર છે."},
        {"si", " ", "ඔහු ගුරුවරයෙක් ය.|මිල රු. 500 කි.|එය වැඩියි!"},
        {"hi", " ", "\"क्या हुआ?\" उसने पूछा।|कुछ नहीं।"},
        {"he", " ", "\"בוא!\" הוא אמר.|\"לא.\""},
        {"am", " ", "እሱ ዘግይቶ መጣ።|ማን ነበር?|ማንም አላወቀም፡፡"},
        {"bo", " ", "ཁོང་ཕྱི་དྲོ་ཕེབས་སོང༌།|སུ་ཡིན་ནམ།"},
        {"km", " ", "គាត់មកដល់យឺត។|គ្មាននរណាដឹងទេ។"},
        {"my", " ", "သူ နောက်ကျမှ ရောက်လာသည်။|ဘယ်သူမှ မသိပါ။"},
        {"ja", "", "彼は九時に着いた。|「誰ですか。」と彼女は聞いた。|誰も知らない!|本当だろうか？"},
        {"zh-Hans", "", "他九点到了。|“你是谁？”|她没有回答！|没有人知道《你好！世界》这本书。"},
        {"ko", " ", "\"가자!\" 그가 말했다.|비가 온다!|그는 갔다."},
        {"zh", "", "（他知道。）|她不知道。"},
        {"zh-Hant", "", "他到了。|「你是誰？」她問。|「走吧！」船長說，「快走。」|他們走了。"},
        {"ko", " ", "그는 9시에 도착했다.|\"누구세요?\"라고 그녀가 물었다.|아무도 몰랐다..."},
        {"th", " ", "เขามาถึงสำนักงานใหญ่ของบริษัทเมื่อเวลาเก้าโมงเช้าวันจันทร์|อย่างไรก็ตาม ไม่มีใครรู้ว่าเขามาทำไม"},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

/* Thai and Lao separate sentences by a space, but also use spaces within sentences. */
static void spaces_between_sentences(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"th", " ",
         "เรือโดยสารสามลำถูกพายุพัดจนเสียหายเมื่อวันที่ 12 มีนาคม 2567|ขณะนี้เจ้าหน้าที่กำลังเร่งช่วยเหลือผู้โดยสารกว่า 200 คน|อย่างไรก็ตาม "
         "ยังไม่มีรายงานผู้เสียชีวิต|ส่วนท่าเรือจะเปิดให้บริการอีกครั้งในวันศุกร์นี้"},
        {"th", " ", "เขากล่าวว่า \"เราจะไม่ทิ้งใครไว้ข้างหลัง\" พร้อมยืนยันว่ารัฐบาลจะจ่ายเงินชดเชยให้ทุกครอบครัว"},
        {"th", " ", "ผมไม่เคยเห็นเรือลำใหญ่แบบนี้มาก่อนเลยครับ|ลูกชายของเธอก็ไม่เคยเห็น"},
        {"th", " ", "ท่าเรือใหม่ (ซึ่งสร้างเสร็จเมื่อปีที่แล้วในจังหวัดภูเก็ต อย่างไรก็ตาม ยังไม่มีใครใช้งาน) จะเปิดในวันศุกร์"},
        {"lo", " ",
         "ຂົວໃໝ່ຈະເປີດໃຫ້ນຳໃຊ້ໃນເດືອນໜ້າ|ລັດຖະບານໄດ້ໃຊ້ເງິນຫຼາຍກວ່າ 20 ລ້ານໂດລາ ແຕ່ຊາວບ້ານຍັງກັງວົນກ່ຽວກັບນໍ້າຖ້ວມ|ນອກຈາກນີ້ ຍັງມີບັນຫາເລື່ອງທີ່ດິນ"},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void nothing_between_sentences(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"th", "",
         "พายุเข้าฝั่งเมื่อคืนนี้เรือประมงสองลำอับปางในทะเล|อย่างไรก็ตามลูกเรือทุกคนปลอดภัย|เจ้าหน้าที่พาพวกเขาไปโรงพยาบาลแล้ว|ในปี 2565 "
         "เคยเกิดเหตุแบบเดียวกันมาแล้วสองครั้ง"},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

/* Persian has no capitals to show whether a sentence continues after an ellipsis, but its sentences end with the verb.
 */
static void ellipses_after_verbs(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"fa", " ", "ناخدا هنوز امید دارد…|کشتی فردا می‌رسد."},
        {"fa", " ",
         "باد و باران و موج… همه را دیدیم.|بندر آرام است…|کسی "
         "نمی‌ماند."},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

/* A full stop after a number, a month or a unit. */
static void numbers_months_and_units(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"sk", " ", "Most otvorili 3. Mája 2019 večer.|Nikto neprišiel."},
        {"hr", " ", "Most je otvoren 3. Svibnja 2019.|Nitko nije došao."},
        {"fi", " ", "Silta avattiin 3. tammik. 2019 illalla.|Kukaan ei tullut."},
        {"nl", " ", "De brug werd op 5 jan. 1950 geopend.|Niemand kwam."},
        {"el", " ", "Άνοιξε στις 5 Ιαν. 1950 το πρωί.|Κανείς δεν ήρθε."},
        {"el", " ", "Στις 5 μ.μ.|Έφυγε.|Θα γυρίσει στις 9 π.μ. το πολύ."},
        {"hu", " ", "A hidat 1950. jan. 5-én nyitották meg.|Senki sem jött."},
        {"tr", " ", "Köprü 5 Oca. 1950'de açıldı.|Kimse gelmedi."},
        {"uk", " ", "Потяг вирушає о 7 год. 15 хв. зі станції.|Ціна 5 грн.|Це дорого."},
        {"uk", " ", "Нарис надруковано в газ. «Маяк».|Доповідав чл. НАН України."},
        {"uk", " ", "У 20-х рр. XX ст. Коваль жив у Львові.|Він помер 1950 р.|Його забули."},
        {"ru", " ", "В 1990-1995 гг. Павел работал в порту.|Он ушёл в 1996 г.|Его забыли."},
        {"pl", " ", "W XIX w. Polska była podzielona.|Stan ten trwał do 1918 r.|Potem było inaczej."},
        {"kk", " ", "Ол 1950 ж. Алматыда туған.|Кейін көшті."},
        {"bg", " ", "Складът е на 90 г.|Иван го построи в с. Баня."},
        {"en", " ", "The bus left at 7 p.m.|Mr. Ray stayed.|At 5 a.m. Dr. Lund woke the crew."},
        {"de", " ", "Das kostet 5 Mio. Euro.|Er wohnt in der Hauptstr. 5.|Das ist weit."},
        {"cs", " ", "Stojí to 5 mil. Kč.|To je moc."},
        {"de", " ", "Vgl. S. 5 und Abb. 3.|Das genügt."},
        {"de", " ", "Er kam im Okt. 2010, d. h. spät, z. B. nach Dr. med. vet. Weiß.|Das war es."},
        {"ru", " ", "Продано всё, в т. ч. Атлас мира.|Остались книги и т. д.|Больше ничего."},
        {"es", " ", "Las FF. AA. y los EE. UU. firmaron.|Nadie faltó."},
        {"en", " ", "Flat: 5 Main St. Apt. 3.|Turn to pg. 3."},
        {"id", " ", "Harganya Rp. 5.000 di toko Bpk. Hadi.|Mahal!"},
        {"sl", " ", "Most stane pribl. 300 evrov.|To je veliko."},
        {"cs", " ", "Most stojí max. 5 korun.|To je málo."},
        {"ru", " ", "Мост стоит прибл. 300 рублей.|Это много."},
        {"tr", " ", "Köprü yakl. 300 lira tuttu.|Kimse ödemedi."},
        {"ga", " ", "Féach lch. 12 den leabhar.|Tá sé fada."},
        {"lt", " ", "Tiltas atidarytas 1950 m. gegužės 5 d. Kaune.|Jis ilgas."},
        {"ca", " ", "El pont obre a les 9 h.|Marta el tanca."},
        {"de", " ", "Die Fa. Weber baut die Brücke.|Sie hält."},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void letters_of_english_as_initials(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"hi", " ", "एम. के. वर्मा और एस. नायर दिल्ली में मिले।|आर. एल. जोशी नहीं आए।"},
        {"mr", " ", "एच. डी. पाटील मुंबईत आले.|एन. जोशी गेले."},
        {"ne", " ", "एस. के. थापा आए।|आर. बी. राई गए।"},
        {"bn", " ", "এম. এ. করিম ঢাকায় এলেন।|এস. রায় গেলেন।"},
        {"gu", " ", "એમ. એન. શાહ આવ્યા.|એસ. પટેલ ગયા."},
        {"pa", " ", "ਐੱਸ. ਐੱਲ. ਗਿੱਲ ਆਏ।|ਆਰ. ਸੰਧੂ ਗਏ।"},
        {"ta", " ", "எம். எஸ். குமரன் வந்தார்.|ஆர். கே. வேலன் சென்றார்."},
        {"te", " ", "ఎం. ఎస్. రావు వచ్చారు.|ఎన్. ఆర్. రెడ్డి వెళ్లారు."},
        {"kn", " ", "ಎಚ್. ಎಸ್. ಗೌಡ ಬಂದರು.|ಎಂ. ರಾವ್ ಹೋದರು."},
        {"ml", " ", "എം. എസ്. മേനോൻ വന്നു.|ആർ. പിള്ള പോയി."},
        {"si", " ", "එස්. එම්. පෙරේරා පැමිණියේය.|ආර්. සිල්වා ගියේය."},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void initials_joined_by_a_hyphen(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"fr", " ", "Le maire J.-P. Roy et M. J.-C. Blanc arrivent.|Personne ne parle."},
        {"fr", " ", "Le P.-D.G. M. Roy part.|La S.N.C.F. dément."},
        {"de", " ", "H.-J. Lang und K.-H. Berg kamen.|Niemand sprach."},
        {"pl", " ", "J.-J. Kowal mieszka w Łodzi.|Nikt nie przyszedł."},
        {"ru", " ", "Роман Ж.-П. Ру вышел в мае.|Его читают."},
        {"en", " ", "He drove an old F-15.|Nobody saw the X-ray.|It was J.-P. Roy."},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void references_to_numbers(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"de", " ", "Das steht in Anm. 5 der Schrift.|Fa. Lang, Inh. B. Berg, haftet."},
        {"it", " ", "Si veda all. B del testo.|Basta così."},
        {"nl", " ", "Zie art. 3 jo. 4 van de wet.|Dat is alles."},
        {"fi", " ", "Siitä säädetään 3 mom. 5 kohdassa.|Muuta ei ole."},
        {"id", " ", "Kantornya di Jl. Raya Km. 5 Bogor.|Bacalah hal. 3 s.d. 5 buku itu."},
        {"tr", " ", "Dükkân Gül Cd. No. 5 adresinde.|Herkes bilir."},
        {"sv", " ", "Kungl. Tekn. Högsk. ligger i Lund.|Det är allt."},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void stops_within_an_abbreviation(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"km", " ", "គាត់លក់ត្រី បន្លែ ។ល។|គ្មានអ្នកទិញទេ។"},
        {"km", " ", "មានសៀវភៅ ប៊ិច ក្រដាស។ល។|គាត់ទៅផ្ទះ។|ភ្លៀងធ្លាក់។"},
        {"km", " ", "គាត់មកពីខេត្ត។|លោកស្រីទៅវិញ។"},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void dates_with_a_full_stop_after_each_number(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"ko", " ", "다리는 1998. 4. 2. 부산에서 열렸다.|아무도 없었다."},
        {"ko", " ", "계약은 2031. 12. 30.까지다.|그는 2012. 6. 이사했다.|끝."},
        {"ko", " ", "그날은 2007.3.9. 오후였다.|비가 왔다."},
        {"hu", " ", "A híd 1998. 4. 2. óta áll.|Senki sem jött."},
        {"hu", " ", "A híd 1998. 4. 2-án nyílt meg.|Kész lett 1998.|Senki sem jött."},
        {"en", " ", "The bridge opened in 1998.|5 people came."},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(abbreviations_and_initials_of_latin_scripts),
        cmocka_unit_test(cyrillic_and_greek),
        cmocka_unit_test(marks_of_other_scripts),
        cmocka_unit_test(spaces_between_sentences),
        cmocka_unit_test(nothing_between_sentences),
        cmocka_unit_test(ellipses_after_verbs),
        cmocka_unit_test(numbers_months_and_units),
        cmocka_unit_test(letters_of_english_as_initials),
        cmocka_unit_test(initials_joined_by_a_hyphen),
        cmocka_unit_test(references_to_numbers),
        cmocka_unit_test(stops_within_an_abbreviation),
        cmocka_unit_test(dates_with_a_full_stop_after_each_number),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
