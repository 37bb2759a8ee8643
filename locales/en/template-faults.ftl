# What is wrong with a template that a brand wrote, and how to mend it.

template-fault-at = Line { $line }
template-fault-too-large = The template has more than 64 KB. Shorten it.
template-fault-unclosed = Two opening braces stand here without two closing ones. Close them.
template-fault-not-a-name = “{ $name }” is not a name. Only the names listed beside can stand in double braces.
template-fault-unknown-name = There is no value called { $name } here. Choose one of the names listed beside.
template-fault-section-unclosed = The section { $name } begins here and has no end. Close it with a slash before its name.
template-fault-section-not-open = The section { $name } ends here, but it is not the one that was opened last.
template-fault-too-deep = There are more than eight sections inside each other. Nest fewer.
