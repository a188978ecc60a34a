# Generates the manual pages and shell completions with the program itself, from its tables. They are installed, but not
# kept in the repository.
if(NOT DRAGOMAN_SANITIZE AND NOT CMAKE_CROSSCOMPILING)
  set(manual_files "")
  function(dragoman_manual what file folder)
    set(output ${CMAKE_BINARY_DIR}/manual/${file})
    add_custom_command(OUTPUT ${output} DEPENDS dragoman COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/manual
      COMMAND dragoman reference ${what} > ${output} VERBATIM)
    set(manual_files ${manual_files} ${output} PARENT_SCOPE)
    install(FILES ${output} DESTINATION ${folder})
  endfunction()
  dragoman_manual(man dragoman.1 ${CMAKE_INSTALL_MANDIR}/man1)
  dragoman_manual(man-conf dragoman.conf.5 ${CMAKE_INSTALL_MANDIR}/man5)
  dragoman_manual(conf dragoman.conf.example ${CMAKE_INSTALL_DOCDIR})
  dragoman_manual(bash dragoman ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  dragoman_manual(zsh _dragoman ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
  dragoman_manual(fish dragoman.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  add_custom_target(manual ALL DEPENDS ${manual_files})
endif()
