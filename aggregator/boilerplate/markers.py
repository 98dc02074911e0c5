"""The words by which blocks give themselves away, by language, as their publishers write them.

They are compared folded, at the beginning of a block. All languages are looked at, whatever an
entry's is said to be: none of these phrases begins a sentence of news in another. What could
("More", "Lees", "Leggi") is not here.
"""

READ_ALSO: dict[str, tuple[str, ...]] = {
    "en": (
        *("also read", "also see", "continue reading", "further reading", "keep reading"),
        *("more on this story", "more on this topic", "more stories", "must read", "read also"),
        *("read more", "read next", "read the full article", "read the full story", "read this"),
        *("recommended reading", "recommended stories", "related", "related article"),
        *("related articles", "related coverage", "related news", "related posts"),
        *("related stories", "related story", "related topics", "see also", "you may also like"),
        *("you might also like", "more from"),
    ),
    "fr": (
        *("a lire", "à lire aussi", "a lire également", "lire aussi", "lire également"),
        *("lire la suite", "lire l'article", "lire plus", "à voir aussi", "voir aussi"),
        *("sur le même sujet", "sur le même thème", "articles liés", "articles similaires"),
        *("en savoir plus", "pour aller plus loin", "à écouter aussi", "lisez aussi"),
    ),
    "ar": (
        *("اقرأ أيضا", "إقرأ أيضا", "اقرأ أيضاً", "اقرأ المزيد", "اقرأ كذلك", "اقرئي أيضا"),
        *("طالع أيضا", "شاهد أيضا", "قد يهمك أيضا", "مواضيع ذات صلة", "أخبار ذات صلة"),
        *("مقالات ذات صلة", "لمزيد من المعلومات", "للمزيد اقرأ", "المزيد في"),
    ),
    "es": (
        *(
            "lea también",
            "lee también",
            "leer también",
            "leer más",
            "lea más",
            "te puede interesar",
        ),
        *(
            "le puede interesar",
            "puede interesarle",
            "ver también",
            "vea también",
            "seguir leyendo",
        ),
        *("más información", "noticias relacionadas", "artículos relacionados", "además lea"),
    ),
    "pt": (
        *("leia também", "leia mais", "ler mais", "leia ainda", "veja também", "ver também"),
        *("saiba mais", "continue lendo", "continuar a ler", "notícias relacionadas"),
        *("artigos relacionados",),
    ),
    "de": (
        *("lesen sie auch", "lesen sie mehr", "lesen sie dazu", "lesen sie hier", "mehr dazu"),
        *("mehr zum thema", "auch interessant", "das könnte sie auch interessieren"),
        *("weiterlesen", "zum weiterlesen", "siehe auch", "verwandte artikel"),
    ),
    "it": (
        *("leggi anche", "leggete anche", "leggi tutto", "leggi di più", "per approfondire"),
        *("vedi anche", "articoli correlati", "continua a leggere", "potrebbe interessarti"),
    ),
    "nl": (
        *(
            "lees ook",
            "lees meer",
            "lees verder",
            "bekijk ook",
            "zie ook",
            "meer over dit onderwerp",
        ),
        *("gerelateerde artikelen",),
    ),
    "sw": ("soma pia", "soma zaidi", "soma zaidi hapa", "habari zinazohusiana", "tazama pia"),
    "ha": ("karanta kuma", "ku karanta kuma", "karin bayani", "labarai masu alaƙa", "duba kuma"),
    "ru": ("читайте также", "читать далее", "смотрите также", "по теме", "подробнее", "см. также"),
    "tr": (
        "ayrıca okuyun",
        "bunu da okuyun",
        "bunları da okuyun",
        "ilgili haberler",
        "devamını oku",
    ),
    "fa": ("بیشتر بخوانید", "همچنین بخوانید", "مطالب مرتبط", "اخبار مرتبط", "ادامه مطلب"),
    "so": ("akhri sidoo kale", "sidoo kale akhri"),
    "am": ("በተጨማሪ ያንብቡ", "ተጨማሪ ያንብቡ"),
    "hi": ("यह भी पढ़ें", "ये भी पढ़ें", "और पढ़ें"),
    "ur": ("مزید پڑھیں", "یہ بھی پڑھیں"),
    "zh": ("延伸阅读", "相关阅读", "相关新闻", "延伸閱讀", "相關新聞"),
    "ja": ("あわせて読みたい", "関連記事", "続きを読む"),
}
"""What leads on to other articles: their links follow at once, or below it."""

FOLLOW_US: dict[str, tuple[str, ...]] = {
    "en": (
        *("follow us on", "follow us at", "like us on", "join our whatsapp", "join our telegram"),
        *("subscribe to our", "sign up for our", "sign up to our", "download our app"),
        *("get our app", "click here to subscribe"),
    ),
    "fr": (
        *("suivez-nous sur", "suivez nous", "retrouvez-nous sur", "abonnez-vous à notre"),
        *("inscrivez-vous à notre", "rejoignez notre chaîne", "rejoignez-nous sur"),
        *("téléchargez notre application",),
    ),
    "ar": ("تابعونا على", "تابعنا على", "اشترك في نشرتنا", "انضم إلى قناتنا", "حمل تطبيقنا"),
    "es": ("síguenos en", "síganos en", "suscríbete a nuestro", "suscríbete a nuestra"),
    "pt": ("siga-nos", "siga-nos no", "assine nossa newsletter", "subscreva a nossa"),
    "de": ("folgen sie uns", "abonnieren sie unseren", "abonnieren sie unser"),
    "it": ("seguici su", "iscriviti alla nostra"),
    "nl": ("volg ons op", "schrijf je in voor onze"),
    "sw": ("tufuate kwenye", "jiunge na chaneli yetu"),
    "ha": ("ku biyo mu", "ku bi mu"),
    "ru": ("подписывайтесь на наш", "подпишитесь на наш", "читайте нас в"),
    "tr": ("bizi takip edin", "bültenimize abone olun"),
    "fa": ("ما را در", "به کانال ما"),
}
"""What asks the reader for something; a link to where stands within it."""

FOOTERS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        *(("the post", "appeared first on"), ("the post", "first appeared on")),
        *(("the article", "appeared first on"), ("this article", "was originally published")),
    ),
    "fr": (
        *(("l'article", "est apparu en premier sur"), ("cet article", "est apparu en premier sur")),
        ("l'article", "est apparu en premier"),
    ),
    "ar": (("ظهرت المقالة", "أولا على"), ("ظهرت المقالة", "أولاً على"), ("المقالة", "ظهرت أولا")),
    "es": (
        *(("la entrada", "se publicó primero en"), ("la entrada", "aparece primero en")),
        ("el cargo", "apareció primero en"),
    ),
    "pt": (("o post", "apareceu primeiro em"), ("o conteúdo", "aparece primeiro em")),
    "de": (("der beitrag", "erschien zuerst auf"), ("der artikel", "erschien zuerst auf")),
    "it": (("l'articolo", "proviene da"), ("l'articolo", "sembra essere il primo su")),
    "nl": (("het bericht", "verscheen eerst op"), ("het artikel", "verscheen eerst op")),
    "ru": (("сообщение", "появились сначала на"), ("запись", "впервые появилась")),
    "fa": (("نوشته", "اولین بار در"),),
    "id": (("artikel", "pertama kali tampil pada"),),
}
"""How the systems that publish them end entries: beginning and middle, the title between them."""

SUBJECTS: tuple[str, ...] = (
    *("tags", "tag", "filed under", "categories", "category", "topics", "keywords", "posted in"),
    *("mots-clés", "catégories", "étiquettes", "etiquetas", "categorías", "categorias"),
    *("schlagworte", "kategorien", "الوسوم", "كلمات مفتاحية", "теги", "etiketler"),
)
"""What begins a list of subjects: that is about the entry, however many others share them."""
