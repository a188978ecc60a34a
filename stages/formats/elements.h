/* The elements of HTML: how the pruner handles their tags, how the tree builder does, and what the tree calls them. */
#ifndef STAGES_FORMATS_ELEMENTS_H
#define STAGES_FORMATS_ELEMENTS_H

#include "pipeline/base/text.h"

/* What the tree distinguishes. */
enum tag {
    TAG_TEXT, /* a text node */
    TAG_OTHER,
    TAG_A,
    TAG_ADDRESS,
    TAG_ARTICLE,
    TAG_ASIDE,
    TAG_BLOCKQUOTE,
    TAG_BODY,
    TAG_BR,
    TAG_BUTTON,
    TAG_CAPTION,
    TAG_CITE,
    TAG_DD,
    TAG_DIV,
    TAG_DL,
    TAG_DT,
    TAG_FIGCAPTION,
    TAG_FIGURE,
    TAG_FOOTER,
    TAG_FORM,
    TAG_H1,
    TAG_H2,
    TAG_H3,
    TAG_H4,
    TAG_H5,
    TAG_H6,
    TAG_HEAD,
    TAG_HEADER,
    TAG_HR,
    TAG_HTML,
    TAG_LABEL,
    TAG_LI,
    TAG_LINK,
    TAG_MAIN,
    TAG_META,
    TAG_NAV,
    TAG_OL,
    TAG_P,
    TAG_PRE,
    TAG_Q,
    TAG_SECTION,
    TAG_SPAN,
    TAG_SUB,
    TAG_SUP,
    TAG_TABLE,
    TAG_TD,
    TAG_TH,
    TAG_TIME,
    TAG_TITLE,
    TAG_TR,
    TAG_UL
};

/* In the order of the names. Those that HTML does not know are all one. */
enum element {
    ELEMENT_UNKNOWN,
    ELEMENT_A,
    ELEMENT_ABBR,
    ELEMENT_ACRONYM,
    ELEMENT_ADDRESS,
    ELEMENT_ANNOTATION_XML,
    ELEMENT_APPLET,
    ELEMENT_AREA,
    ELEMENT_ARTICLE,
    ELEMENT_ASIDE,
    ELEMENT_AUDIO,
    ELEMENT_B,
    ELEMENT_BASE,
    ELEMENT_BASEFONT,
    ELEMENT_BDI,
    ELEMENT_BDO,
    ELEMENT_BGSOUND,
    ELEMENT_BIG,
    ELEMENT_BLINK,
    ELEMENT_BLOCKQUOTE,
    ELEMENT_BODY,
    ELEMENT_BR,
    ELEMENT_BUTTON,
    ELEMENT_CANVAS,
    ELEMENT_CAPTION,
    ELEMENT_CENTER,
    ELEMENT_CITE,
    ELEMENT_CODE,
    ELEMENT_COL,
    ELEMENT_COLGROUP,
    ELEMENT_DATA,
    ELEMENT_DATALIST,
    ELEMENT_DD,
    ELEMENT_DEL,
    ELEMENT_DESC,
    ELEMENT_DETAILS,
    ELEMENT_DFN,
    ELEMENT_DIR,
    ELEMENT_DIV,
    ELEMENT_DL,
    ELEMENT_DT,
    ELEMENT_EM,
    ELEMENT_EMBED,
    ELEMENT_FIELDSET,
    ELEMENT_FIGCAPTION,
    ELEMENT_FIGURE,
    ELEMENT_FONT,
    ELEMENT_FOOTER,
    ELEMENT_FOREIGNOBJECT,
    ELEMENT_FORM,
    ELEMENT_FRAME,
    ELEMENT_FRAMESET,
    ELEMENT_H1,
    ELEMENT_H2,
    ELEMENT_H3,
    ELEMENT_H4,
    ELEMENT_H5,
    ELEMENT_H6,
    ELEMENT_HEAD,
    ELEMENT_HEADER,
    ELEMENT_HGROUP,
    ELEMENT_HR,
    ELEMENT_HTML,
    ELEMENT_I,
    ELEMENT_IFRAME,
    ELEMENT_IMAGE,
    ELEMENT_IMG,
    ELEMENT_INPUT,
    ELEMENT_INS,
    ELEMENT_ISINDEX,
    ELEMENT_KBD,
    ELEMENT_KEYGEN,
    ELEMENT_LABEL,
    ELEMENT_LEGEND,
    ELEMENT_LI,
    ELEMENT_LINK,
    ELEMENT_LISTING,
    ELEMENT_MAIN,
    ELEMENT_MALIGNMARK,
    ELEMENT_MAP,
    ELEMENT_MARK,
    ELEMENT_MARQUEE,
    ELEMENT_MATH,
    ELEMENT_MENU,
    ELEMENT_MENUITEM,
    ELEMENT_META,
    ELEMENT_METER,
    ELEMENT_MGLYPH,
    ELEMENT_MI,
    ELEMENT_MN,
    ELEMENT_MO,
    ELEMENT_MS,
    ELEMENT_MTEXT,
    ELEMENT_MULTICOL,
    ELEMENT_NAV,
    ELEMENT_NEXTID,
    ELEMENT_NOBR,
    ELEMENT_NOEMBED,
    ELEMENT_NOFRAMES,
    ELEMENT_NOSCRIPT,
    ELEMENT_OBJECT,
    ELEMENT_OL,
    ELEMENT_OPTGROUP,
    ELEMENT_OPTION,
    ELEMENT_OUTPUT,
    ELEMENT_P,
    ELEMENT_PARAM,
    ELEMENT_PATH,
    ELEMENT_PICTURE,
    ELEMENT_PLAINTEXT,
    ELEMENT_PRE,
    ELEMENT_PROGRESS,
    ELEMENT_Q,
    ELEMENT_RB,
    ELEMENT_RP,
    ELEMENT_RT,
    ELEMENT_RTC,
    ELEMENT_RUBY,
    ELEMENT_S,
    ELEMENT_SAMP,
    ELEMENT_SCRIPT,
    ELEMENT_SECTION,
    ELEMENT_SELECT,
    ELEMENT_SMALL,
    ELEMENT_SOURCE,
    ELEMENT_SPACER,
    ELEMENT_SPAN,
    ELEMENT_STRIKE,
    ELEMENT_STRONG,
    ELEMENT_STYLE,
    ELEMENT_SUB,
    ELEMENT_SUMMARY,
    ELEMENT_SUP,
    ELEMENT_SVG,
    ELEMENT_TABLE,
    ELEMENT_TBODY,
    ELEMENT_TD,
    ELEMENT_TEMPLATE,
    ELEMENT_TEXTAREA,
    ELEMENT_TFOOT,
    ELEMENT_TH,
    ELEMENT_THEAD,
    ELEMENT_TIME,
    ELEMENT_TITLE,
    ELEMENT_TR,
    ELEMENT_TRACK,
    ELEMENT_TT,
    ELEMENT_U,
    ELEMENT_UL,
    ELEMENT_VAR,
    ELEMENT_VIDEO,
    ELEMENT_WBR,
    ELEMENT_XMP
};

enum prune_handling {
    PRUNE_KEEP = 0,
    PRUNE_SKIP = 1,     /* drop the element and its content */
    PRUNE_UNWRAP = 2,   /* drop the tag only */
    PRUNE_READING = 4,  /* drop the tag and the text after it */
    PRUNE_SINGLE = 8,   /* the element has no end tag */
    PRUNE_IMPLIED = 16, /* the end tag may be omitted; the element cannot contain another of its kind */
    PRUNE_RAW = 32,     /* an unclosed element extends to the end of the page */
    PRUNE_NAMED = 64    /* a tag to drop becomes a "span" if the element has a name that may say what it is */
};

/* What a start tag does in the body of a page (see tree_body.c). */
enum start_tag {
    START_INLINE, /* part of the running text */
    START_BLOCK,  /* ends a paragraph */
    START_HEADING,
    START_ITEM,
    START_FORM,
    START_BUTTON,
    START_ANCHOR,
    START_OBJECT, /* links outside do not continue within */
    START_OPTION,
    START_TABLE,
    START_VOID,      /* has no content */
    START_RULE,      /* has no content, and ends a paragraph */
    START_HEAD_PART, /* has no content, and belongs into the head */
    START_TITLE,     /* contains text with references, up to its end tag */
    START_RAW,       /* contains text without references, up to its end tag */
    START_RAW_BLOCK, /* the same; ends a paragraph */
    START_RAW_HEAD,  /* the same; belongs into the head */
    START_HTML,
    START_BODY,
    START_MISPLACED /* has a meaning in tables or in front of the body only */
};

/* What an end tag does in the body of a page. */
enum end_tag {
    END_INLINE,
    END_BLOCK,
    END_HEADING,
    END_PARAGRAPH,
    END_LIST_ITEM,
    END_FORM,
    END_ANCHOR,
    END_OBJECT,
    END_BREAK,
    END_PAGE
};

enum element_flag {
    ELEMENT_IS_SPECIAL = 1,    /* an end tag of an inline element does not reach beyond it */
    ELEMENT_IS_BOUNDARY = 2,   /* an end tag of a block does not reach beyond it */
    ELEMENT_MAY_STAY_OPEN = 4, /* its end tag may be omitted */
    ELEMENT_HAS_ROWS = 8       /* a table, or a part of one that contains rows or cells */
};

struct element_rule {
    const char *name;
    unsigned char handling; /* bits of enum prune_handling */
    unsigned char tag;      /* of enum tag; 0 for TAG_OTHER */
    unsigned char start, end;
    unsigned char flags; /* bits of enum element_flag */
};

enum { ELEMENT_COUNT = ELEMENT_XMP + 1 };
extern const struct element_rule element_rules[ELEMENT_COUNT];

/* Returns the element with this name, ignoring ASCII case. */
enum element element_named(struct span name);
enum tag element_tag(enum element element);
/* Compares a name from a page, ignoring ASCII case, with a name in lower case. Returns a value below, equal to or above
 * 0, as strcmp() does. */
int element_compare_name(struct span name, const char *lower);

#endif
