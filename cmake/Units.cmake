# Installs the units for systemd, and the examples. The units name the place that the program is installed to.
set(unit_folder ${CMAKE_BINARY_DIR}/units)
foreach(unit dragoman.service dragoman-failure@.service)
  configure_file(${CMAKE_SOURCE_DIR}/config/units/${unit}.in ${unit_folder}/${unit} @ONLY)
endforeach()
install(FILES ${unit_folder}/dragoman.service ${unit_folder}/dragoman-failure@.service config/units/dragoman.timer
  DESTINATION lib/systemd/system)
install(FILES config/units/sysusers.conf DESTINATION lib/sysusers.d RENAME dragoman.conf)
install(FILES config/units/tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME dragoman.conf)
install(FILES config/units/dynamic-user.conf config/units/programs.conf config/units/sendmail.conf config/examples/crontab config/examples/logrotate
  config/examples/services.conf DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(PROGRAMS config/examples/command/apertium.py config/examples/command/opus_mt.py
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples/command)
